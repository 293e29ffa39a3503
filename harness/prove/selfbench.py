"""``selfbench``: what the harness itself costs, measured and stored like everything else.

Each measurement has an aim; one that is missed is said in the trial's remarks and printed beside
the results that it touches. Comparisons run interleaved, in alternating order.
"""

import argparse
import asyncio
import math
import os
import resource
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from harness.cli.progress import clock, seconds_left
from harness.experiment.capacity import capacity_of
from harness.experiment.cleanup import guarded
from harness.experiment.order import trial_seed
from harness.experiment.row import new_experiment
from harness.judge.signed_ranks import EQUIVALENCE_LEVEL, hodges_lehmann, signed_rank_interval
from harness.machine import environment
from harness.measure.layouts import RUN_TYPE, SEND_TYPE, Array
from harness.measure.metrics import Metric
from harness.measure.records import Records
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import QUICK, Point
from harness.scenario.run import Run
from harness.store.ingest import ingest, spool_trial
from harness.store.rows import Row
from harness.store.vocabulary import Purpose, Status
from harness.trial import rows
from harness.trial.cell import Arm, describe_all, wanted
from harness.trial.live.server import ADDRESS, serving
from harness.trial.outcome import Outcome
from harness.trial.plan import UNWATCHED, Setup, TrialPlan, Watch
from harness.trial.records import record_table
from harness.trial.start import started
from harness.trial.steps import run_trial
from harness.trial.trial import Trial
from infrastructure.api import OK, start_api
from infrastructure.brokers import BrokerChoice
from infrastructure.processes.child import cell_environment
from infrastructure.processes.folder import TrialFolder, spool_of
from infrastructure.root import ROOT
from infrastructure.servers import free_port

NO_GATE = replace(QUICK, idle_gate_s=0.01, late_s=0.0)
RECORDS = 1_000_000
EMPTY_S = 120.0
PAIRS_A_START = 10
SCRAPE_TIMEOUT_S = 10.0
WINDOW_S, OFTEN = 2, 20  # of the cost of monitoring; scrapes a second
API_RATE, API_CLIENTS, API_MS = 500, 50, 100
SILENT = 1  # the argument that makes a task leave no record, as tasks.probe has it
NARROW = 0.01  # half-width of the observer effect's interval, on the log scale: half its bar
console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Aim:
    """A bar for a metric: at most ``limit`` away from zero, or at least ``limit``, in its unit."""

    limit: float
    most: bool = True

    def met(self, value: float) -> bool:
        return abs(value) <= self.limit if self.most else value >= self.limit

    def __str__(self) -> str:
        return f"{'≤' if self.most else '≥'} {self.limit:,g}"


# By the metric's name before the framework's: ``observer_within_celery`` has ``observer_within``'s.
AIMS = {
    "probe_cost": Aim(3.0),
    "observer_within": Aim(2.0),
    "generator_lag_p99": Aim(1.0),
    "monitoring_loss_high": Aim(1.0),
    "enqueue_share_of_bare": Aim(0.97, most=False),
    "ingest_rate": Aim(500_000, most=False),
    "report_time": Aim(10.0),
    "report_memory": Aim(1e9),
    "export_time": Aim(6.0),  # a million records: a tenth of the time that ten millions may take
    "export_memory": Aim(1e9),
    "report_size": Aim(3e6),
    "trial_overhead": Aim(3.0),
    "clock_violations": Aim(0),
    "api_cpu_per_request": Aim(200.0),
}


def settled(d: Array, most: int) -> bool:
    """Whether the ratio of pairs is known well enough, or enough of them were run.

    Judged by the interval's width alone, which does not favour either answer.
    """
    interval = signed_rank_interval(d, EQUIVALENCE_LEVEL)
    return interval.half_width <= NARROW or len(d) >= most


def aim_of(name: str) -> Aim | None:
    return next((aim for stem, aim in AIMS.items() if name.startswith(stem)), None)


@dataclass
class Sizes:
    """How much of each; ``--quick`` takes a part."""

    calls: int = 200_000
    pairs: int = 20  # at least
    most_pairs: int = 80
    drain_s: float = 1.0
    sends: int = 4_000
    ping_pongs: int = 5_000
    records: int = RECORDS
    requests: int = 5_000


QUICK_SIZES = Sizes(
    calls=50_000, pairs=10, most_pairs=10, drain_s=0.5, sends=1_500, records=200_000,
    requests=2_000,
)  # fmt: skip


@dataclass
class Selfbench:
    """The session: its arms (real cells on Valkey), where it stores, what it has found."""

    database: Path
    arms: Sequence[Arm]
    sizes: Sizes
    seed: int
    metrics: list[Metric] = field(default_factory=list)
    capacity: dict[str, float] = field(default_factory=dict)  # tasks/s by framework

    def add(self, name: str, value: float, unit: str) -> None:
        self.metrics.append(Metric(name, value, unit))

    # -- the probe -----------------------------------------------------------------------------

    def probe_cost(self, arm: Arm) -> None:
        """What the probe adds to a task, measured in the cell by the cell's own Python."""
        done = subprocess.run(
            [arm.executable, "-m", "tasks.cost", str(self.sizes.calls)],
            env=cell_environment(Path(), 0), capture_output=True, text=True, check=True,
        )  # fmt: skip
        self.add(f"probe_cost_{arm.framework}", float(done.stdout), "us")

    def clocks(self) -> None:
        """Ping-pongs between two processes: the child's stamp must lie between ours."""
        child = subprocess.Popen(
            [sys.executable, "-c", ECHO], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("no pipes to the echo process")
        violations = 0
        with child:
            for _ in range(self.sizes.ping_pongs):
                before = time.monotonic_ns()
                child.stdin.write(b"x\n")
                stamp = int(child.stdout.readline())
                violations += not before <= stamp <= time.monotonic_ns()
            child.stdin.close()
        self.add("clock_violations", violations, "stamps")

    # -- the mock API --------------------------------------------------------------------------

    def api_cost(self) -> None:
        """CPU that a request costs the mock API, at a steady rate over kept connections."""
        with tempfile.TemporaryDirectory() as place:
            folder = TrialFolder.create(Path(place), "api", {})
            api, address = start_api(folder, {"ms": API_MS})
            try:
                process = psutil.Process(api.pid)
                before = process.cpu_times()
                asyncio.run(ask(address, self.sizes.requests))
                after = process.cpu_times()
            finally:
                api.stop()
                folder.remove()
        used = after.user + after.system - before.user - before.system
        self.add("api_cpu_per_request", 1e6 * used / self.sizes.requests, "us")

    # -- the trial -----------------------------------------------------------------------------

    def observer_effect(self, arm: Arm) -> None:
        """What a drain costs with the probe on against off, seen from outside.

        Both in turn in one warm worker, a few pairs a start of it: two would fight with the broker
        and with us for two cores, and that is all one would see. Judged by the workers'
        CPU: identical drains differ by 10 to 20 % in makespan on a shared machine, so that 2 %
        could not be told there; the makespan's effect is stored beside it. Pairs go on until the
        90 % interval of the ratio is narrow, or their most. An interval inside ±2 % is the
        equivalence of METHOD 9: ``observer_within`` is its farther end.
        """
        d = np.empty((0, 2))  # ln(on / off) of CPU and makespan
        begin = time.monotonic()
        while len(d) < self.sizes.pairs or not settled(d[:, 0], self.sizes.most_pairs):
            d = np.concatenate([d, self.observed_pairs(arm)])
            left = seconds_left(begin, len(d), self.sizes.most_pairs)
            cpu, makespan = (100 * math.expm1(hodges_lehmann(column)) for column in d.T)
            console.print(
                f"  {len(d)} pairs: CPU {cpu:+.1f} %, makespan {makespan:+.1f} %, "
                f"{clock(left)} left at most"
            )
        interval = signed_rank_interval(d[:, 0], EQUIVALENCE_LEVEL)
        estimate, farther = hodges_lehmann(d[:, 0]), max(abs(interval.low), abs(interval.high))
        makespan = 100 * math.expm1(hodges_lehmann(d[:, 1]))
        self.add(f"observer_effect_{arm.framework}", 100 * math.expm1(estimate), "%")
        self.add(f"observer_low_{arm.framework}", 100 * math.expm1(interval.low), "%")
        self.add(f"observer_high_{arm.framework}", 100 * math.expm1(interval.high), "%")
        self.add(f"observer_within_{arm.framework}", 100 * math.expm1(farther), "%")
        self.add(f"observer_makespan_{arm.framework}", makespan, "%")
        self.add(f"observer_pairs_{arm.framework}", len(d), "pairs")

    def observed_pairs(self, arm: Arm) -> Array:
        """ln(on / off) of CPU and makespan, shape (PAIRS_A_START, 2), by workers started once."""
        tasks = round(self.capacity[arm.framework] / 2 * self.sizes.drain_s)
        found = []
        with self.scratch(replace(arm, options={"probe": "by arg"}), processes=1) as run:
            self._drain_from_outside(run, tasks, silent=False)  # the last of the warm-up
            for pair in range(PAIRS_A_START):
                order = (False, True) if pair % 2 else (True, False)
                cost = {
                    silent: self._drain_from_outside(run, tasks, silent=silent) for silent in order
                }
                found.append(np.log(cost[False]) - np.log(cost[True]))
        return np.array(found)

    def _drain_from_outside(self, run: Run, tasks: int, *, silent: bool) -> Array:
        """CPU seconds of the workers, and seconds from the gate's opening until nothing is at the
        broker.
        """
        run.sampler.stop()
        run.gate.close()
        run.producers.send("load", "noop", tasks, SILENT if silent else 0)
        if not silent:
            run.sampler.start()
        used, begin = run.sampler.look()["workers"].cpu_s, time.perf_counter()
        run.gate.open()
        while run.queues.depth().total:
            if time.perf_counter() - begin > EMPTY_S:
                raise RuntimeError(f"the broker was not empty in {EMPTY_S:g} s")
            time.sleep(0.002)
        took = time.perf_counter() - begin
        return np.array([run.sampler.look()["workers"].cpu_s - used, took])

    def enqueue_share(self, arm: Arm) -> None:
        """Our sending loop against the framework's bare one: workers held, same producer."""
        shares = []
        with self.scratch(arm) as run:
            run.gate.close()
            run.producers.send("warmup", "noop", self.sizes.sends)
            for pair in range(self.sizes.pairs):
                order = (True, False) if pair % 2 else (False, True)
                took = {
                    bare: run.producers.send("warmup", "noop", self.sizes.sends, bare=bare)
                    for bare in order
                }
                shares.append(took[True] / took[False])
            run.gate.open()
        self.add(f"enqueue_share_of_bare_{arm.framework}", statistics.median(shares), "1")
        self.add(f"enqueue_spread_{arm.framework}", statistics.stdev(shares), "1")

    def monitoring_cost(self, arm: Arm) -> None:
        """What being scraped once a second costs the workers of a drain.

        One backlog is worked off, in windows that are left alone, scraped once a second and scraped
        ``OFTEN``. One scrape a second costs too little to be seen in the drain rate, which scatters
        by 10 %; many do not. So the CPU that one a second takes is measured (by this process while
        it asks and answers), and what the rate loses for CPU taken, where the loss is large enough.
        Their product is the loss; its upper end is judged, and is that of the 90 % interval of the
        loss that was seen.
        """
        port, found = free_port(), []
        doses = (0, 1, OFTEN)
        with serving(port) as live, self.scratch(arm, live) as run:
            seconds = WINDOW_S * (len(doses) * self.sizes.pairs + 1)
            run.gate.close()
            run.producers.send("load", "noop", round(1.5 * self.capacity[arm.framework] * seconds))
            run.gate.open()
            time.sleep(WINDOW_S)
            for turn in range(self.sizes.pairs):
                order = np.roll(doses, turn).tolist()
                windows = {dose: self._window(run, port, dose) for dose in order}
                found.append([windows[dose] for dose in doses])
            if not run.queues.depth().pending:
                raise RuntimeError("the backlog was worked off before its windows were")
        cost = monitoring_loss(np.array(found))
        self.add(f"monitoring_cpu_{arm.framework}", 100 * cost.share, "%")
        self.add(f"monitoring_often_cpu_{arm.framework}", 100 * cost.often_share, "%")
        self.add(f"monitoring_often_loss_{arm.framework}", 100 * cost.often_loss, "%")
        self.add(f"monitoring_loss_{arm.framework}", 100 * cost.loss, "%")
        self.add(f"monitoring_loss_high_{arm.framework}", 100 * cost.loss_high, "%")

    def _window(self, run: Run, port: int, scrapes: int) -> tuple[float, float, float]:
        """Tasks a second, CPU cores of scrapes and of the workers, in a window of a drain with so
        many scrapes a second.
        """
        run.tail.poll()
        done, workers = run.tail.completed("load"), run.sampler.look()["workers"].cpu_s
        asking, begin = 0.0, time.perf_counter()
        for number in range(WINDOW_S * scrapes):
            time.sleep(max(0.0, begin + (number + 0.5) / scrapes - time.perf_counter()))
            before = time.process_time()
            scrape(port)
            asking += time.process_time() - before
        time.sleep(max(0.0, begin + WINDOW_S - time.perf_counter()))
        took = time.perf_counter() - begin
        run.tail.poll()
        workers = run.sampler.look()["workers"].cpu_s - workers
        return (run.tail.completed("load") - done) / took, asking / took, workers / took

    def whole_trials(self, arm: Arm) -> None:
        """A backlog for capacity and overhead, then the generator's lag at 0.7 of capacity.

        Overhead is the wall clock around a whole trial, storing included, without the framework's
        own start, the load, and the wait for an idle machine.
        """
        begin = time.perf_counter()
        drained = self._trial(arm, "throughput", Purpose.CALIBRATE, Point(NO_GATE))
        took, metrics = time.perf_counter() - begin, drained.metrics
        overhead = took - metrics["start_to_ready"] - metrics["ready_to_drained"]
        self.add(f"trial_overhead_{arm.framework}", overhead, "s")
        self.capacity[arm.framework] = metrics["drain_rate"]
        point = Point(QUICK, fraction=0.7, capacity=capacity_of([drained]))
        loaded = self._trial(arm, "latency", Purpose.SELFBENCH, point)
        lag = loaded.metrics["generator_lag_p99"]
        self.add(f"generator_lag_p99_{arm.framework}", lag, "ms")

    def _trial(self, arm: Arm, scenario: str, purpose: Purpose, point: Point) -> Outcome:
        bench = lone_bench(self.database, arm, scenario, "selfbench", self.seed)
        return lone_trial(bench, lone_plan(bench, scenario, purpose, point))

    @contextmanager
    def scratch(self, arm: Arm, watch: Watch = UNWATCHED, **wants: Any) -> Iterator[Run]:
        """A running trial that is driven by hand and leaves no row of its own."""
        alone = lone_bench(self.database, arm, "throughput", "selfbench", self.seed, wants)
        bench = replace(alone, watch=watch)
        plan = lone_plan(bench, "throughput", Purpose.SELFBENCH, Point(QUICK, wants=wants))
        trial = Trial.begin(bench, plan)
        try:
            with started(trial) as run:
                run.ready()
                run.warm_up(0.5)
                yield run
        finally:
            trial.folder.remove()

    # -- storing and showing -------------------------------------------------------------------

    def ingest_and_report(self) -> None:
        """A synthetic trial of a million records: arrays to committed rows, then the page."""
        with tempfile.TemporaryDirectory(prefix="selfbench-") as name:
            folder = Path(name)
            database = folder / "results.duckdb"
            records = synthetic_records(self.sizes.records, self.seed)
            begin = time.perf_counter()
            self._store_synthetic(database, records)
            self.add("ingest_rate", self.sizes.records / (time.perf_counter() - begin), "records/s")
            begin = time.perf_counter()
            memory = report_of(database, folder / "report")
            self.add("report_time", time.perf_counter() - begin, "s")
            self.add("report_memory", memory, "bytes")
            size = (folder / "report" / "index.html").stat().st_size
            self.add("report_size", size, "bytes")
            self.export(database, folder / "export")

    def export(self, database: Path, out: Path) -> None:
        """The same database as CSV files."""
        begin = time.perf_counter()
        memory = peak_of("export", database, out)
        self.add("export_time", time.perf_counter() - begin, "s")
        self.add("export_memory", memory, "bytes")

    def _store_synthetic(self, database: Path, records: Records) -> None:
        experiment = new_experiment("bench", "quick", self.seed, {})
        trial_id = f"{experiment['experiment_id']}-001"
        row = synthetic_row(experiment["experiment_id"], trial_id, "latency")
        row |= {"point": "load 0.5", "load_fraction": 0.5, "capacity": 2_000.0}
        known = {"trial": row, "experiment": experiment}
        folder = TrialFolder.create(spool_of(database), trial_id, known)
        metric = Metric("sojourn_p50", 1.0, "ms")
        tables = {
            "task_record": record_table(trial_id, records),
            "metric": rows.metric_rows(trial_id, [metric]),
            **synthetic_samples(trial_id, int(records.runs["end"].max())),
        }
        spool_trial(folder.path, known, tables)
        ingest(database, folder.path)
        folder.remove()

    # -- all of it -----------------------------------------------------------------------------

    def steps(self) -> list[tuple[str, Callable[[], None]]]:
        per_arm: list[tuple[str, Callable[[Arm], None]]] = [
            ("probe cost a record", self.probe_cost),
            ("trial overhead and generator lag", self.whole_trials),
            ("enqueue rate against the bare loop", self.enqueue_share),
            ("cost of being scraped once a second", self.monitoring_cost),
            ("observer effect on a drain", self.observer_effect),
        ]
        return [
            ("CPU of the mock API", self.api_cost),
            ("clocks of two processes", self.clocks),
            ("ingest, report and export of a million records", self.ingest_and_report),
            *(
                (f"{what}: {arm.framework}", lambda arm=arm, run=run: run(arm))
                for arm in self.arms
                for what, run in per_arm
            ),
        ]

    def run(self) -> None:
        steps = self.steps()
        begin = time.monotonic()
        for done, (what, step) in enumerate(steps):
            left = seconds_left(begin, done, len(steps))
            said = f", about {left:.0f} s left" if done else ""
            console.print(f"{done + 1}/{len(steps)} {what}{said}")
            step()

    def missed(self) -> list[str]:
        """One sentence a missed aim."""
        return [
            f"{m.name}: {m.value:.4g} {m.unit}, aim {aim}"
            for m in self.metrics
            if (aim := aim_of(m.name)) and not aim.met(m.value)
        ]

    def store(self) -> None:
        """The session as one trial of purpose ``selfbench``."""
        size = "quick" if self.sizes is QUICK_SIZES else "full"
        experiment = new_experiment("selfbench", size, self.seed, {"sizes": vars(self.sizes)})
        trial_id = f"{experiment['experiment_id']}-001"
        row = synthetic_row(experiment["experiment_id"], trial_id, Purpose.SELFBENCH)
        row |= {"purpose": Purpose.SELFBENCH, "remarks": "; ".join(self.missed()) or None}
        known = {"trial": row, "experiment": experiment}
        folder = TrialFolder.create(spool_of(self.database), trial_id, known)
        surroundings = environment.machine() | environment.calibrate()
        tables = {
            "metric": rows.metric_rows(trial_id, self.metrics),
            "environment": rows.environment_rows(trial_id, surroundings),
        }
        spool_trial(folder.path, known, tables)
        ingest(self.database, folder.path)
        folder.remove()


def lone_bench(
    database: Path, arm: Arm, scenario: str, command: str, seed: int,
    wants: Mapping[str, Any] = MappingProxyType({}),
) -> Setup:  # fmt: skip
    """An arm with an experiment of its own, for trials that are compared with nothing."""
    experiment = new_experiment(command, "quick", seed, {"arm": arm.label})
    described = describe_all(arm, [wanted(scenario, wants)])
    return Setup(database, experiment, arm, described, database.parent / "profiles")


def lone_plan(bench: Setup, scenario: str, purpose: Purpose, point: Point) -> TrialPlan:
    """The one trial of its experiment."""
    trial_id = f"{bench.experiment['experiment_id']}-001"
    seed = trial_seed(int(bench.experiment["seed"]), scenario, 1, point.label)
    return TrialPlan(trial_id, 1, 1, load_scenario(scenario), point, purpose, seed)


def lone_trial(bench: Setup, plan: TrialPlan) -> Outcome:
    """Carry it out. Raises RuntimeError when it fails: the harness cannot judge itself by it."""
    outcome = run_trial(bench, plan)
    if outcome.status == Status.FAILED:
        raise RuntimeError(f"{bench.arm.label}: {outcome.reason}")
    return outcome


async def ask(address: str, count: int) -> None:
    """Send ``count`` requests at API_RATE, over connections in turn, and read every answer."""
    url = urlsplit(address)
    request = f"GET {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode()
    streams = [await asyncio.open_connection(url.hostname, url.port) for _ in range(API_CLIENTS)]
    begin = time.monotonic()
    for number in range(count):
        await asyncio.sleep(begin + number / API_RATE - time.monotonic())
        streams[number % API_CLIENTS][1].write(request)
    for place, (reader, writer) in enumerate(streams):
        await reader.readexactly(len(OK) * len(range(place, count, API_CLIENTS)))
        writer.close()


class MonitoringCost(NamedTuple):
    """Shares: CPU taken, by the workers' CPU; loss: by the drain rate of windows left alone."""

    share: float
    often_share: float
    often_loss: float
    loss: float
    loss_high: float


def monitoring_loss(windows: Array) -> MonitoringCost:
    """What one scrape a second costs, from the windows of :meth:`Selfbench.monitoring_cost`.

    ``windows``: shape (turns, 3, 3); windows left alone, scraped once a second and ``OFTEN``; of
    each the rate, the CPU of its scrapes and that of the workers. Assumes that the loss is in
    proportion to the CPU taken, which makes it none where the rate is no lower.
    """
    rate, asking, workers = np.moveaxis(windows, 2, 0)
    shares = asking[:, 1:] / workers[:, :1]
    share, often_share = (hodges_lehmann(column) for column in shares.T)
    d = np.log(rate[:, 2] / rate[:, 0])
    often_loss = -math.expm1(hodges_lehmann(d))
    most = -math.expm1(signed_rank_interval(d, EQUIVALENCE_LEVEL).low)
    by_cpu = share / often_share
    return MonitoringCost(share, often_share, often_loss, by_cpu * often_loss, by_cpu * most)


def scrape(port: int) -> None:
    """Ask for the metrics as Prometheus does, and read the answer."""
    asked = urllib.request.Request(
        f"http://{ADDRESS}:{port}/metrics", headers={"Accept-Encoding": "gzip"}
    )
    with urllib.request.urlopen(asked, timeout=SCRAPE_TIMEOUT_S) as answer:  # noqa: S310
        answer.read()


ECHO = """
import sys, time
for _ in sys.stdin.buffer:
    sys.stdout.buffer.write(b"%d\\n" % time.monotonic_ns())
    sys.stdout.buffer.flush()
"""


def synthetic_records(count: int, seed: int) -> Records:
    """An M/D/2-like stream of ``count`` tasks: what the store and the report have to cope with."""
    rng = np.random.default_rng(seed)
    sends, runs = np.zeros(count, SEND_TYPE), np.zeros(count, RUN_TYPE)
    sends["seq"] = runs["seq"] = np.arange(count)
    sends["intended"] = np.cumsum(rng.exponential(1e6, count)).astype(np.int64)
    sends["send"] = sends["intended"] + 50_000
    sends["ack"] = sends["send"] + 200_000
    runs["start"] = sends["ack"] + rng.exponential(1e6, count).astype(np.int64)
    runs["end"] = runs["start"] + 1_000
    runs["pid"] = 1 + np.arange(count) % 2
    return Records(sends, runs)


def synthetic_samples(trial_id: str, end_ns: int) -> dict[str, list[Row]]:
    """Samples of depth and resources over the stream, as often as a trial takes them."""
    depth = [
        {"trial_id": trial_id, "at_ns": at, "pending": at % 7, "in_flight": 2, "delayed": 0}
        for at in range(0, end_ns, 200_000_000)
    ]
    resources = [
        {"trial_id": trial_id, "at_ns": at, "role": role, "processes": 2, "cpu_s": at / 2e9,
         "pss_bytes": 1 << 26, "rss_bytes": 1 << 27}
        for role in ("producer", "workers", "broker")
        for at in range(0, end_ns, 500_000_000)
    ]  # fmt: skip
    return {"depth_sample": depth, "resource_sample": resources}


def synthetic_row(experiment_id: str, trial_id: str, scenario: str) -> Row:
    """A trial row for figures that no broker and no framework took part in."""
    now = datetime.now(UTC).isoformat()
    return {
        "trial_id": trial_id, "experiment_id": experiment_id, "block": 1, "position": 1,
        "arm_number": 1, "variant": "",
        "scenario": scenario, "point": "", "point_number": 1,
        "framework": "stub", "framework_version": "1.0",
        "python_version": environment.machine()["host_python"], "broker": "stub",
        "provider": "embedded", "topology_profile": "matched",
        "purpose": Purpose.MEASURE, "seed": 0,
        "workload_hash": "none", "lock_hash": "none", "status": "ok", "reason": None,
        "started_at": now,
    }  # fmt: skip


def report_of(database: Path, out: Path) -> int:
    """Make the page; what ``peak_of`` says."""
    return peak_of("report", database, out)


def peak_of(session: str, database: Path, out: Path) -> int:
    """Peak resident memory in bytes of a session that writes ``out``, in a process of its own.

    Raises RuntimeError when it fails.
    """
    argv = [sys.executable, "-m", "harness", session, "--db", str(database), "--out", str(out)]
    process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the {session} over {database} failed with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return int(used.ru_maxrss * unit)


def show(metrics: Sequence[Metric]) -> None:
    table = Table("measured", "value", "unit", "aim", "", box=None, header_style="dim")
    for metric in metrics:
        aim = aim_of(metric.name)
        mark = (
            ""
            if aim is None
            else ("[green]met[/]" if aim.met(metric.value) else "[yellow]missed[/]")
        )
        table.add_row(metric.name, f"{metric.value:,.4g}", metric.unit, str(aim or ""), mark)
    console.print(table)


def selfbench_command(options: argparse.Namespace) -> int:
    """Measure, store, show; 0 even when an aim is missed: a missed aim is a result."""
    arms = [
        Arm(framework, version, python, executable, BrokerChoice("redis", "embedded"), "matched")
        for framework, version, python, executable in options.cell
    ]
    seed = secrets.randbelow(2**31)
    bench = Selfbench(options.db, arms, QUICK_SIZES if options.quick else Sizes(), seed)
    with guarded(options.db):
        try:
            bench.run()
        finally:
            bench.store()  # what was measured before a step that failed is kept
    show(bench.metrics)
    for sentence in bench.missed():
        console.print(f"[yellow]aim missed[/] {sentence}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    console.print(f"stored in {options.db} · peak memory of this session {peak / 1024:.0f} MiB")
    return 0
