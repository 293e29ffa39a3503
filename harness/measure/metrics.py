"""From records and samples to metrics: the definitions of docs/method.md, sections 3 and 4."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from harness.measure.accounting import Account
from harness.measure.layouts import Array
from harness.measure.records import Records
from harness.measure.sampler import Usage, cpu_between, memory_by_role
from harness.measure.window import Window
from tasks.records import OK

LEAST_OVERLOADED = 100  # completions, for a rate of them under overload
# METHOD 3: a quantile is printed when enough tasks stand behind it.
QUANTILES = {"p50": (0.50, 1), "p90": (0.90, 100), "p99": (0.99, 1_000), "p999": (0.999, 10_000)}


@dataclass(frozen=True)
class Metric:
    """One number of one trial."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True)
class Joined:
    """Completed tasks: the first successful attempt of each beside its send (arrays, ns)."""

    seq: Array
    intended: Array
    send: Array
    ack: Array
    start: Array
    end: Array

    @property
    def sojourn(self) -> Array:
        return self.end - self.intended

    @property
    def lag(self) -> Array:
        return self.send - self.intended


def join(records: Records) -> Joined:
    """Match sends with first successful attempts by sequence number."""
    good = records.runs[records.runs["outcome"] == OK]
    _, first = np.unique(good["seq"], return_index=True)
    good = good[first]
    _, ours, theirs = np.intersect1d(
        records.sends["seq"], good["seq"], assume_unique=True, return_indices=True
    )
    sends, runs = records.sends[ours], good[theirs]
    return Joined(
        sends["seq"], sends["intended"], sends["send"], sends["ack"], runs["start"], runs["end"]
    )


def quantiles(name: str, values_ns: Array) -> list[Metric]:
    """Mean, quantiles that the number of tasks supports, and maximum, in ms."""
    if not len(values_ns):
        return []
    kept = {q: share for q, (share, least) in QUANTILES.items() if len(values_ns) >= least}
    levels = np.quantile(values_ns, list(kept.values())) / 1e6
    found = [Metric(f"{name}_{q}", float(v), "ms") for q, v in zip(kept, levels, strict=True)]
    return [
        *found,
        Metric(f"{name}_mean", float(np.mean(values_ns)) / 1e6, "ms"),
        Metric(f"{name}_max", float(np.max(values_ns)) / 1e6, "ms"),
    ]


def drain_rate(ends_ns: Array, slots: int) -> float:
    """METHOD 4: completions over time from the end stamp at 10 % to that at 90 %, in tasks/s; nan
    below 10 tasks.

    A multiple of the slots apart, where there are so many: tasks that take equally long end in
    waves of as many as there are slots, and part of a wave takes no time.
    """
    if len(ends_ns) < 10:
        return float("nan")
    ends, first = np.sort(ends_ns), len(ends_ns) // 10
    count = round(0.8 * len(ends))
    count = count // slots * slots or count
    return float(count / ((ends[first + count] - ends[first]) / 1e9))


def live_rate(records: Records, slots: int) -> float:
    """Completions a second while one producer kept the workers busy, after the first fifth.

    nan unless more tasks than ``slots`` were waiting or running at 95 % of the completions:
    workers that run out of tasks show the producer's rate, not their own.
    """
    sent, ends = np.sort(records.sends["ack"]), np.sort(records.runs["end"])
    if len(sent) < 100:
        return float("nan")
    begin, end = sent[0] + (sent[-1] - sent[0]) // 5, sent[-1]
    inside = (ends >= begin) & (ends < end)
    ahead = np.searchsorted(sent, ends, "right") - np.arange(1, len(ends) + 1)
    busy = float(np.mean(ahead[inside] >= slots)) if inside.any() else 0.0
    return float(np.sum(inside) / ((end - begin) / 1e9)) if busy >= 0.95 else float("nan")


def overloaded_rate(records: Records, slots: int) -> float:
    """Completions per second while at least ``slots`` tasks are in the system: what an arm sustains
    beside the producers that offer it more. tasks/s; nan below 100 such completions.

    Counted while tasks are still offered, the first fifth left out.
    """
    sent, ends = np.sort(records.sends["ack"]), np.sort(records.runs["end"])
    if not len(sent):
        return float("nan")
    begin = sent[0] + (sent[-1] - sent[0]) // 5
    inside = ends[(ends >= begin) & (ends <= sent[-1])]
    gaps = np.diff(inside)
    left = np.searchsorted(sent, inside, "right") - np.searchsorted(ends, inside, "right")
    busy = left[:-1] >= slots  # as each gap begins
    if np.sum(busy) < LEAST_OVERLOADED:
        return float("nan")
    return float(np.sum(busy) / (np.sum(gaps[busy]) / 1e9))


def send_rate(sends: Array) -> float:
    """Acknowledged sends a second over the span from the first send to the last ack."""
    good = sends[sends["outcome"] == OK]
    if len(good) < 2:
        return float("nan")
    return float(len(good) / ((good["ack"].max() - good["send"].min()) / 1e9))


def mean_in_system(joined: Joined, looks: int = 20_000) -> float:
    """Mean number of tasks between intended time and end, by looking at evenly spaced instants
    from the first intended time to the last end.
    """
    arrivals, ends = np.sort(joined.intended), np.sort(joined.end)
    at = np.linspace(arrivals[0], ends[-1], looks)
    inside = np.searchsorted(arrivals, at, "right") - np.searchsorted(ends, at, "right")
    return float(np.mean(inside))


def accounting_metrics(account: Account) -> list[Metric]:
    names = ("issued", "completed_once", "duplicated", "lost", "failed", "unknown", "refused")
    counts = [Metric(name, getattr(account, name), "tasks") for name in names]
    return [*counts, Metric("inversions", account.inversions, "pairs")]


def cpu_metrics(window: Window, idle: Mapping[str, float], tasks: int) -> list[Metric]:
    """CPU by role within a window, a task and in total, the idle baseline taken off."""
    return cpu_totals(cpu_between(window.before, window.after, idle), tasks)


def cpu_above_idle(window: Window, idle: Mapping[str, float], tasks: int) -> list[Metric]:
    """The same, and that baseline beside it."""
    return [*cpu_metrics(window, idle, tasks), *idle_metrics(idle)]


def gross_cpu(taken: Mapping[str, float], tasks: int) -> list[Metric]:
    """CPU by role per task, the idle baseline in it."""
    each = {role: seconds / tasks * 1e6 for role, seconds in taken.items()}
    return [Metric(f"{role}_cpu_gross_per_task", cost, "us") for role, cost in each.items()]


def cpu_totals(taken: Mapping[str, float], tasks: int) -> list[Metric]:
    """CPU seconds by role, in total and per task."""
    found = []
    for role, seconds in taken.items():
        found.append(Metric(f"{role}_cpu", seconds, "s"))
        if tasks:
            found.append(Metric(f"{role}_cpu_per_task", seconds / tasks * 1e6, "us"))
    return found


def memory_metrics(usages: Sequence[Usage], window: Window) -> list[Metric]:
    """Σ PSS by role within a window: mean and peak, in bytes; nothing where no sample fell in."""
    found = []
    for role, samples in memory_by_role(usages, window.start_ns, window.end_ns).items():
        found.append(Metric(f"{role}_pss_mean", float(np.mean(samples)), "bytes"))
        found.append(Metric(f"{role}_pss_peak", float(np.max(samples)), "bytes"))
    return found


def command_metrics(window: Window, tasks: int) -> list[Metric]:
    """Broker commands per task, in all and by name, and bytes that travelled or went to its log;
    what it counts.
    """
    if not tasks:
        return []
    counted, found = window.counted, []
    if counted.commands:
        total = sum(counted.commands.values())
        found.append(Metric("broker_commands_per_task", total / tasks, "1"))
        by_name = counted.commands.items()
        found += [Metric(f"broker_{name}_per_task", n / tasks, "1") for name, n in by_name]
    if counted.traffic is not None:
        found.append(Metric("broker_traffic_per_task", counted.traffic / tasks, "bytes"))
    if counted.wal is not None:
        found.append(Metric("broker_wal_per_task", counted.wal / tasks, "bytes"))
    return found


def idle_metrics(idle: Mapping[str, float]) -> list[Metric]:
    return [Metric(f"{role}_idle_cpu", rate, "cores") for role, rate in idle.items()]
