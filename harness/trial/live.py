"""``--metrics-port``: a session in progress, as Prometheus scrapes it.

Nothing is done between scrapes. A scrape reads what the trial's record files and the sampler's
lists have gained since the one before, in the thread of its request; the trial's own tail belongs
to the trial's thread and is left alone. The last look is taken when a trial's processes are gone,
so that the counters are whole however rarely somebody asked. Lines of arms and scenarios that are
not in progress are kept as text: a scrape costs the same whatever the session has done before.

Live figures are for looking: they hold warm-ups, gates and starts. What is stored decides.
"""

import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from prometheus_client import CONTENT_TYPE_LATEST, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from harness.cli.progress import TrialProgress
from harness.measure.recorded import RUN_TYPE, SEND_TYPE, Array, Growing, number_of, phase_of
from harness.measure.sampler import Sampler, Usage
from harness.trial.plan import Setup, TrialPlan, Watch
from infrastructure.errors import UsageError
from infrastructure.service import Depth
from tasks.records import PHASES, RUN_SUFFIX, SEND_SUFFIX

ADDRESS = "127.0.0.1"
BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 60.0)
FRESH_S = 3.0  # an older sample is of processes that may be gone
STATES = ("sent", "completed", "failed")
ROLES = ("producer", "workers", "broker")  # of every trial; a scenario may have others
STATUSES = ("ok", "invalid", "failed", "gap")
LABELS = ["arm", "scenario"]
LOAD = PHASES.index("load")
# In the place of an intended time (ns): there is no send of that number yet, or its task is over.
UNSENT, OVER = np.iinfo(np.int64).min, np.iinfo(np.int64).min + 1

Key = tuple[str, str]  # arm and scenario


@dataclass
class Totals:
    """What an arm did in a scenario since the session began. Only grows.

    ``cpu_s``: CPU seconds by role, zeros before the first sample: Prometheus counts what a series
    rises by and not what it begins with, which would be what the start took. ``sojourns``: load
    tasks by the first of BUCKETS_S that holds them, the last one for longer ones. ``sojourn_s``:
    their sum.
    """

    tasks: Counter[str] = field(default_factory=Counter)
    trials: Counter[str] = field(default_factory=Counter)
    cpu_s: dict[str, float] = field(default_factory=lambda: dict.fromkeys(ROLES, 0.0))
    sojourns: Array = field(default_factory=lambda: np.zeros(len(BUCKETS_S) + 1, dtype=np.int64))
    sojourn_s: float = 0.0


class Sojourns:
    """Load tasks of a running trial: the time from intended to done of those that are newly done.

    Eight bytes a task are kept, whatever the backlog: a look costs what came since the last one.
    """

    def __init__(self) -> None:
        self._intended = np.full(1024, UNSENT)
        self._unmatched = np.empty(0, dtype=RUN_TYPE)  # done before their sends were on record

    def add(self, sends: Array, runs: Array) -> Array:
        """Sojourn times (ns) of tasks with a send and a first success by now, each given once."""
        sends = sends[phase_of(sends["seq"]) == LOAD]
        numbers = number_of(sends["seq"])
        self._make_room(numbers)
        self._intended[numbers] = sends["intended"]
        good = runs[(phase_of(runs["seq"]) == LOAD) & (runs["outcome"] == 0)]
        ended = np.concatenate([self._unmatched, good])
        ended = ended[np.argsort(ended["end"], kind="stable")]
        numbers, first = np.unique(number_of(ended["seq"]), return_index=True)
        ended = ended[first]
        self._make_room(numbers)
        intended = self._intended[numbers]
        self._unmatched = ended[intended == UNSENT]
        done = intended > OVER
        self._intended[numbers[done]] = OVER
        found: Array = ended["end"][done] - intended[done]
        return found

    def _make_room(self, numbers: Array) -> None:
        if len(numbers) and (top := int(numbers.max())) >= len(self._intended):
            grown = np.full(2 * (top + 1), UNSENT)
            grown[: len(self._intended)] = self._intended
            self._intended = grown


class Following:
    """A trial with processes. ``look`` adds to the totals what came since the look before."""

    def __init__(self, totals: Totals, records: Path, sampler: Sampler) -> None:
        self._totals = totals
        self._sampler = sampler
        self._sends = Growing(records, SEND_SUFFIX, SEND_TYPE)
        self._runs = Growing(records, RUN_SUFFIX, RUN_TYPE)
        self._sojourns = Sojourns()
        self._usages = 0  # looked at so far
        self._latest: dict[str, Usage] = {}

    def look(self) -> None:
        runs, sends = self._runs.read(), self._sends.read()
        totals = self._totals
        totals.tasks["sent"] += int(np.count_nonzero(sends["outcome"] == 0))
        totals.tasks["completed"] += int(np.count_nonzero(runs["outcome"] == 0))
        totals.tasks["failed"] += int(np.count_nonzero(runs["outcome"]))
        seconds = self._sojourns.add(sends, runs) / 1e9
        places = np.searchsorted(BUCKETS_S, seconds)
        totals.sojourns += np.bincount(places, minlength=len(BUCKETS_S) + 1)
        totals.sojourn_s += float(seconds.sum())
        self._look_at_usages()

    def _look_at_usages(self) -> None:
        """A role's CPU falls when a killed process takes its own along: that adds nothing."""
        fresh = self._sampler.usages[self._usages :]
        self._usages += len(fresh)
        for usage in fresh:
            before = self._latest.get(usage.role)
            more = max(0.0, usage.cpu_s - (before.cpu_s if before else 0.0))
            self._totals.cpu_s[usage.role] = self._totals.cpu_s.get(usage.role, 0.0) + more
            self._latest[usage.role] = usage

    def usages(self) -> list[Usage]:
        """The latest of each role, unless it is too old to speak of now."""
        return [usage for usage in self._latest.values() if is_fresh(usage.at_ns)]

    def depth(self) -> Depth | None:
        """The latest look at the broker, unless it is too old."""
        at_ns, depth = self._sampler.depths[-1] if self._sampler.depths else (0, None)
        return depth if depth and is_fresh(at_ns) else None


def is_fresh(at_ns: int) -> bool:
    return time.monotonic_ns() - at_ns < FRESH_S * 1e9


@dataclass
class Now:
    """The trial in progress."""

    key: Key
    info: dict[str, str]
    progress: TrialProgress


class Families(Collector):
    """Metrics as the client library's writer wants them."""

    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = list(found)

    def collect(self) -> Iterable[Metric]:
        return self._found


class Live(Watch):
    """What a scrape is answered from; the lock keeps scrapes and the session apart."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._totals: dict[Key, Totals] = {}
        self._names: dict[str, int] = {}
        self._now: Now | None = None
        self._followed: tuple[Key, Following] | None = None
        self._progress: TrialProgress | None = None
        self._written: dict[Key, list[tuple[bytes, bytes]]] = {}  # head and lines, by metric
        self._process = ProcessCollector(registry=None)  # what the harness's own process takes

    # -- told by the session -------------------------------------------------------------------

    def begin(self, bench: Setup, plan: TrialPlan, progress: TrialProgress) -> None:
        with self._lock:
            key = self._key(bench, plan)
            self._of(key)
            self._now = Now(key, info_of(bench, plan), progress)
            self._progress = progress

    @contextmanager
    def following(
        self, bench: Setup, plan: TrialPlan, records: Path, sampler: Sampler
    ) -> Iterator[None]:
        with self._lock:
            key = self._key(bench, plan)
            following = Following(self._of(key), records, sampler)
            self._followed = key, following
        try:
            yield
        finally:
            with self._lock:
                following.look()
                self._followed = None
                self._written.pop(key, None)

    def end(self, status: str) -> None:
        with self._lock:
            if self._now:
                self._of(self._now.key).trials[status] += 1
                self._written.pop(self._now.key, None)
            self._now = None

    def _key(self, bench: Setup, plan: TrialPlan) -> Key:
        """Equal arms, which a comparison may have, are told apart by their number."""
        name = arm_name(bench)
        if self._names.setdefault(name, bench.number) != bench.number:
            name = f"{name} ({bench.number})"
        return name, plan.scenario.name

    def _of(self, key: Key) -> Totals:
        return self._totals.setdefault(key, Totals())

    # -- asked by Prometheus -------------------------------------------------------------------

    def text(self) -> bytes:
        """The answer to a scrape, in Prometheus's text format."""
        with self._lock:
            if self._followed:
                self._followed[1].look()
                self._written.pop(self._followed[0], None)
            counters: dict[bytes, bytes] = {}
            for key in self._totals:
                for head, lines in self._lines(key):
                    counters[head] = counters.get(head, head) + lines
            now = generate_latest(Families([*self._resources(), *self._session()]))
        return b"".join(counters.values()) + now + generate_latest(self._process)

    def _lines(self, key: Key) -> list[tuple[bytes, bytes]]:
        """Head and lines of each counter of an arm in a scenario, written anew when changed."""
        if key not in self._written:
            written = generate_latest(Families(counters_of(key, self._totals[key])))
            begin = b"# HELP "
            metrics = [part.split(b"\n", 2) for part in written.split(begin)[1:]]
            self._written[key] = [
                (begin + help_ + b"\n" + kind + b"\n", lines) for help_, kind, lines in metrics
            ]
        return self._written[key]

    def _resources(self) -> Iterator[Metric]:
        pss = GaugeMetricFamily(
            "bench_pss_bytes",
            "Proportional set size of a role's processes, in bytes: a page that n of them share "
            "counts as 1/n in each.",
            labels=[*LABELS, "role"],
        )
        processes = GaugeMetricFamily(
            "bench_processes", "Processes of a role.", labels=[*LABELS, "role"]
        )
        depths = GaugeMetricFamily(
            "bench_queue_depth",
            "Tasks at the broker: waiting (pending), reserved by workers (in_flight), waiting for "
            "their time (delayed).",
            labels=[*LABELS, "state"],
        )
        if self._followed:
            key, following = self._followed
            for usage in following.usages():
                processes.add_metric([*key, usage.role], usage.processes)
                if usage.pss_bytes is not None:
                    pss.add_metric([*key, usage.role], usage.pss_bytes)
            if depth := following.depth():
                for state, tasks in vars(depth).items():
                    depths.add_metric([*key, state], tasks)
        yield from (pss, processes, depths)

    def _session(self) -> Iterator[Metric]:
        info = InfoMetricFamily("bench_trial", "The trial in progress.", labels=LABELS)
        ratio = GaugeMetricFamily(
            "bench_trial_progress_ratio",
            "How much of its expected time the trial in progress has taken, at most 1.",
            labels=LABELS,
        )
        if self._now:
            info.add_metric(self._now.key, self._now.info)
            ratio.add_metric(self._now.key, self._now.progress.share())
        yield from (info, ratio)
        if self._progress:
            yield GaugeMetricFamily(
                "bench_time_left_seconds",
                "Seconds until the session's plan is carried out, by its pace so far.",
                value=self._progress.left(),
            )


def counters_of(key: Key, totals: Totals) -> Iterator[Metric]:
    tasks = CounterMetricFamily(
        "bench_tasks",
        "Tasks of all phases since the session began: sends that returned (sent), attempts that "
        "succeeded (completed) and that raised (failed).",
        labels=[*LABELS, "state"],
    )
    trials = CounterMetricFamily(
        "bench_trials", "Trials that are stored, by status.", labels=[*LABELS, "status"]
    )
    cpu = CounterMetricFamily(
        "bench_cpu_seconds",
        "CPU seconds of a role's processes, from their starts on, as sampled twice a second.",
        labels=[*LABELS, "role"],
    )
    sojourn = HistogramMetricFamily(
        "bench_sojourn_seconds",
        "Seconds from when a task of the load was meant to be sent until it had succeeded.",
        labels=LABELS,
    )
    for state in STATES:
        tasks.add_metric([*key, state], totals.tasks[state])
    for status in STATUSES:
        trials.add_metric([*key, status], totals.trials[status])
    for role, seconds in totals.cpu_s.items():
        cpu.add_metric([*key, role], seconds)
    edges = [*map(str, BUCKETS_S), "+Inf"]
    counts = map(float, np.cumsum(totals.sojourns))
    sojourn.add_metric(key, list(zip(edges, counts, strict=True)), totals.sojourn_s)
    yield from (tasks, trials, cpu, sojourn)


def arm_name(bench: Setup) -> str:
    """``asynctasq 1.7.0, Python 3.12, redis, matched``: all that may tell an arm from others."""
    arm = bench.arm
    variant = f"@{arm.options['variant']}" if arm.options.get("variant") else ""
    return (
        f"{arm.framework} {arm.version}{variant}, Python {arm.python}, {arm.broker.label}, "
        f"{arm.profile}"
    )


def info_of(bench: Setup, plan: TrialPlan) -> dict[str, str]:
    """The labels of ``bench_trial_info`` beside arm and scenario."""
    arm = bench.arm
    return {
        "trial": plan.trial_id, "framework": arm.framework, "version": arm.version,
        "python": arm.python, "broker": arm.broker.label, "profile": arm.profile,
        "point": plan.point.label, "purpose": plan.purpose,
    }  # fmt: skip


class Server(ThreadingHTTPServer):
    """Answers in threads; a client that gives up is no news for the session's terminal."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(port: int) -> Iterator[Live]:
    """Answer scrapes from this machine on a port until the session ends. Raises UsageError when
    the port is taken.
    """
    live = Live()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = live.text()
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE_LATEST)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """The terminal is the session's."""

    try:
        server = Server((ADDRESS, port), Answer)
    except OSError as error:
        raise UsageError(
            f"--metrics-port {port}: cannot listen on {ADDRESS}:{port} ({error.strerror}); name a "
            "free port, here and in Prometheus's configuration"
        ) from None
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield live
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
