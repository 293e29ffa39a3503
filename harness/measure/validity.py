"""Validity checks as arithmetic on records; each returns what it found, in words.

``METHOD n`` below is section n of docs/method.md.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from harness.measure.layouts import Array
from harness.measure.records import Records

BINS = 20
TAU_P = 0.01
LAG_FLOOR_NS = 1_000_000
LAG_SHARE = 0.05
GROWTH = 0.01  # of arrivals
STEADY_SHARE = 0.02
STEADY_LEAST_S = 1.0
STEADY_LEAST_TASKS = 400
MOST_DECIMALS = 9


def trend(values: Array) -> tuple[float, float]:
    """Kendall's tau of values against their order, and its p (1.0 where all are equal)."""
    if len(np.unique(values)) < 2:
        return 0.0, 1.0
    tau, p = stats.kendalltau(np.arange(len(values)), values)
    return float(tau), float(p)


def apart(value: float, limit: float) -> tuple[str, str]:
    """Both as text, with two decimals or as many as it takes to tell them apart."""
    for decimals in range(2, MOST_DECIMALS):
        found, bound = f"{value:.{decimals}f}", f"{limit:.{decimals}f}"
        if found != bound:
            return found, bound
    return repr(value), repr(limit)


BEHIND = "generator lag"


def generator_lag(lag_ns: Array, sojourn_ns: Array, objective_ns: float = 0) -> str | None:
    """METHOD 3: p99 generator lag may not exceed max(1 ms, 5 % of the median sojourn time).

    Where the question is whether latency stays below an objective, 5 % of that will do: lateness
    counts as latency, so that much can only make a queue look a little worse than it is.
    """
    if not len(lag_ns) or not len(sojourn_ns):
        return None
    p99 = float(np.quantile(lag_ns, 0.99))
    limit = max(LAG_FLOOR_NS, LAG_SHARE * max(float(np.median(sojourn_ns)), objective_ns))
    if p99 <= limit:
        return None
    found, bound = apart(p99 / 1e6, limit / 1e6)
    return (
        f"{BEHIND}: p99 {found} ms exceeds {bound} ms: the load generator "
        "could not keep its schedule, latency would be the generator's"
    )


@dataclass(frozen=True)
class Backlog:
    """Tasks in the system over the arrival window, at 21 even looks; slope in tasks/s.

    ``least``: the fewest at any instant of the second half.
    """

    at_ns: Array
    tasks: Array
    slope: float
    unstable: bool
    least: int


def backlog(records: Records) -> Backlog:
    """METHOD 4: unstable when the second half's backlog grows by more than 1 % of arrivals and
    Kendall's tau over 20 bins has p < .01.
    """
    intended = np.sort(records.sends["intended"])
    ends = np.sort(records.runs["end"])
    edges = np.linspace(intended[0], intended[-1], BINS + 1)
    tasks = np.searchsorted(intended, edges, "right") - np.searchsorted(ends, edges, "right")
    tau, p = trend(tasks[1:])
    growth = float(tasks[-1] - tasks[BINS // 2])
    seconds = max(float(edges[-1] - edges[0]) / 1e9, 1e-9)
    slope = float(np.polyfit((edges - edges[0]) / 1e9, tasks, 1)[0]) if seconds > 1e-9 else 0.0
    return Backlog(
        at_ns=edges,
        tasks=tasks,
        slope=slope,
        unstable=growth > GROWTH * len(intended) and tau > 0 and p < TAU_P,
        least=least_of_second_half(intended, ends),
    )


def least_of_second_half(intended: Array, ends: Array) -> int:
    """The fewest tasks in the system from the middle of the arrivals to the last (sorted, ns)."""
    begin, end = (intended[0] + intended[-1]) / 2, intended[-1]
    at = np.append(ends[(ends >= begin) & (ends <= end)], end)  # it is least just after an end
    return int(np.min(np.searchsorted(intended, at, "right") - np.searchsorted(ends, at, "right")))


UNJUDGED = "steady state not judged"


def too_short(stamps_ns: Array) -> str | None:
    """A window in which 20 bins say nothing: under a second, or under 20 tasks a bin."""
    seconds = float(np.ptp(stamps_ns)) / 1e9
    if seconds >= STEADY_LEAST_S and len(stamps_ns) >= STEADY_LEAST_TASKS:
        return None
    found, _ = apart(seconds, STEADY_LEAST_S)
    return (
        f"{UNJUDGED}: {len(stamps_ns)} tasks in {found} s are too few "
        f"({STEADY_LEAST_TASKS} in {STEADY_LEAST_S:g} s wanted)"
    )


UNSTEADY = "no steady state"


def drift(bins: Array) -> float:
    """Mean of the second half over that of the first; nan where the first is zero."""
    half = len(bins) // 2
    first = float(np.mean(bins[:half])) if half else 0.0
    return float(np.mean(bins[half:])) / first if first else float("nan")


def steady_state(bins: Array, what: str) -> str | None:
    """METHOD 5: over 20 bins, Kendall's tau with p < .01 and halves differing by over 2 %."""
    tau, p = trend(bins)
    change = drift(bins) - 1
    if p >= TAU_P or not abs(change) > STEADY_SHARE:
        return None
    return (
        f"{UNSTEADY}: {what} of the second half differs by {100 * change:+.1f} % from the "
        f"first (Kendall's tau {tau:+.2f}, p = {p:.1g})"
    )


def steady_over_trials(drifts: Array) -> str | None:
    """A drift that all trials of an arm share: median beyond 2 % and signed-rank p < .01.

    A comparison asks this instead of each trial on its own. A drift of the machine within one trial
    is what interleaving is for; a veto with 1 % false alarms on each of 30 trials would withhold a
    quarter of all verdicts from perfect queues, and more on a machine that is not quite still.
    """
    if len(drifts) < 6:
        return None
    change = float(np.median(drifts)) - 1
    p = float(stats.wilcoxon(np.log(drifts)).pvalue) if np.any(drifts != 1) else 1.0
    if p >= TAU_P or abs(change) <= STEADY_SHARE:
        return None
    return (
        f"{UNSTEADY} in {len(drifts)} trials: the second half differs by {100 * change:+.1f} % "
        f"(signed ranks, p = {p:.1g})"
    )


def rate_bins(ends_ns: Array) -> Array:
    """Completions a second in 20 equal bins between the 10th and 90th percent of completions."""
    ends = np.sort(ends_ns)
    low, high = ends[int(0.1 * len(ends))], ends[int(0.9 * len(ends)) - 1]
    edges = np.linspace(low, high, BINS + 1)
    counts, _ = np.histogram(ends, edges)
    rates: Array = counts / ((high - low) / BINS / 1e9)
    return rates


def sojourn_bins(intended_ns: Array, sojourn_ns: Array) -> Array:
    """Median sojourn time (ns) of arrivals in 20 equal bins of time; empty bins are left out."""
    edges = np.linspace(intended_ns.min(), intended_ns.max() + 1, BINS + 1)
    place = np.digitize(intended_ns, edges) - 1
    medians = [np.median(sojourn_ns[place == i]) for i in range(BINS) if np.any(place == i)]
    return np.array(medians)


def settings_differences(asked: dict[str, object], readings: list[dict[str, object]]) -> list[str]:
    """Where a running worker says something else than it was asked; a setting nobody read back
    is a difference too.
    """
    found = []
    for name, wanted in asked.items():
        seen = [r[name] for r in readings if name in r]
        if not seen:
            found.append(f"setting {name}: asked {wanted!r}, no worker read it back")
        found += [
            f"setting {name}: asked {wanted!r}, a running worker has {value!r}"
            for value in {repr(v): v for v in seen if v != wanted}.values()
        ]
    return found
