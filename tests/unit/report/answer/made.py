"""Facts of known content."""

from collections.abc import Mapping, Sequence

from harness.report.answer.facts import Facts
from harness.report.rows.answer import PairVerdict
from harness.report.rows.trials import Median, State, TrialValue

ARMS = ("ant", "bee", "cat", "dog", "eel")


def facts(
    trials: Mapping[str, Sequence[float]],
    *pairs: PairVerdict,
    metric: str = "drain_rate",
    scenario: str = "throughput",
    offered: Mapping[str, float] | None = None,
) -> Facts:
    """One metric of arms by their trials; without any the arm's one trial is invalid."""
    at = (scenario, "", 1)
    fraction = 0.5 if offered else None
    differ = len(set(offered.values())) > 1 if offered else None
    states, medians, values = [], [], []
    for number, (label, own) in enumerate(trials.items(), 1):
        load = offered[label] if offered else None
        reason = None if own else "lost 3 tasks"
        tried = max(1, len(own))
        counts = (tried, len(own), tried - len(own), 0, 0)
        states.append(State(*at, number, label, fraction, *counts, None, load, reason, differ))
        if own:
            ordered = sorted(own)
            middle = ordered[len(own) // 2]
            place = (*at, number, label, fraction, metric, "tasks/s")
            medians.append(Median(*place, len(own), middle, ordered[0], ordered[-1]))
        values += [TrialValue(*at, number, label, fraction, metric, value) for value in own]
    return Facts(states, medians, values, pairs, [])


def verdict(
    baseline: int,
    candidate: int,
    kind: str,
    ratio: float | None = None,
    metric: str = "drain_rate",
    *,
    pinned: bool = False,
) -> PairVerdict:
    """With an interval of ±10 %."""
    low, high = (None, None) if ratio is None else (ratio * 0.9, ratio * 1.1)
    place = ("throughput", "", metric, baseline, candidate)
    return PairVerdict(*place, kind, ratio, low, high, 10, "full", pinned, pinned)
