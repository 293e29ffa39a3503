"""Totals as Prometheus's families of metrics: names, labels and what each means."""

from collections.abc import Iterable, Iterator

import numpy as np
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from harness.cli.progress import TrialProgress
from harness.store.vocabulary import Status
from harness.trial.live.totals import BUCKETS_S, Following, Totals

LABELS = ["arm", "scenario"]
STATES = ("sent", "completed", "failed")

Key = tuple[str, str]  # arm and scenario


class Families(Collector):
    """Metrics as the client library's writer wants them."""

    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = list(found)

    def collect(self) -> Iterable[Metric]:
        return self._found


def counters_of(key: Key, totals: Totals) -> Iterator[Metric]:
    """What an arm did in a scenario since the session began."""
    yield tasks_of(key, totals)
    yield trials_of(key, totals)
    yield cpu_of(key, totals)
    yield sojourns_of(key, totals)


def tasks_of(key: Key, totals: Totals) -> Metric:
    tasks = CounterMetricFamily(
        "bench_tasks",
        "Tasks of all phases since the session began: sends that returned (sent), attempts that "
        "succeeded (completed) and that raised (failed).",
        labels=[*LABELS, "state"],
    )
    for state in STATES:
        tasks.add_metric([*key, state], totals.tasks[state])
    return tasks


def trials_of(key: Key, totals: Totals) -> Metric:
    trials = CounterMetricFamily(
        "bench_trials", "Trials that are stored, by status.", labels=[*LABELS, "status"]
    )
    for status in Status:
        trials.add_metric([*key, status], totals.trials[status])
    return trials


def cpu_of(key: Key, totals: Totals) -> Metric:
    cpu = CounterMetricFamily(
        "bench_cpu_seconds",
        "CPU seconds of a role's processes, from their starts on, as sampled twice a second.",
        labels=[*LABELS, "role"],
    )
    for role, seconds in totals.cpu_s.items():
        cpu.add_metric([*key, role], seconds)
    return cpu


def sojourns_of(key: Key, totals: Totals) -> Metric:
    sojourn = HistogramMetricFamily(
        "bench_sojourn_seconds",
        "Seconds from when a task of the load was meant to be sent until it had succeeded.",
        labels=LABELS,
    )
    edges = [*map(str, BUCKETS_S), "+Inf"]
    counts = map(float, np.cumsum(totals.sojourns))
    sojourn.add_metric(key, list(zip(edges, counts, strict=True)), totals.sojourn_s)
    return sojourn


def resources_of(key: Key, following: Following | None) -> Iterator[Metric]:
    """What the processes of the running trial hold; families without a value between trials."""
    pss = GaugeMetricFamily(
        "bench_pss_bytes",
        "Proportional set size of a role's processes, in bytes: a page that n of them share "
        "counts as 1/n in each.",
        labels=[*LABELS, "role"],
    )
    processes = GaugeMetricFamily(
        "bench_processes", "Processes of a role.", labels=[*LABELS, "role"]
    )
    for usage in following.usages() if following else ():
        processes.add_metric([*key, usage.role], usage.processes)
        if usage.pss_bytes is not None:
            pss.add_metric([*key, usage.role], usage.pss_bytes)
    yield from (pss, processes, depth_of(key, following))


def depth_of(key: Key, following: Following | None) -> Metric:
    depths = GaugeMetricFamily(
        "bench_queue_depth",
        "Tasks at the broker: waiting (pending), reserved by workers (in_flight), waiting for "
        "their time (delayed).",
        labels=[*LABELS, "state"],
    )
    if following and (depth := following.depth()):
        for state, tasks in vars(depth).items():
            depths.add_metric([*key, state], tasks)
    return depths


def trial_of(key: Key, info: dict[str, str] | None, share: float) -> Iterator[Metric]:
    """The trial in progress, and how far it is; families without a value when ``info`` is None."""
    infos = InfoMetricFamily("bench_trial", "The trial in progress.", labels=LABELS)
    ratio = GaugeMetricFamily(
        "bench_trial_progress_ratio",
        "How much of its expected time the trial in progress has taken, at most 1.",
        labels=LABELS,
    )
    if info is not None:
        infos.add_metric(key, info)
        ratio.add_metric(key, share)
    yield from (infos, ratio)


def time_left(progress: TrialProgress) -> Metric:
    return GaugeMetricFamily(
        "bench_time_left_seconds",
        "Seconds until the session's plan is carried out, by its pace so far.",
        value=progress.left(),
    )
