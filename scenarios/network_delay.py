"""What does the way to the broker cost, and how many round trips does a task wait for?

Load: a network of a stated round-trip time (RTT) stands between the broker and everything else: 0,
0.2, 1 and 5 ms, half of it each way. Behind a closed gate one producer sends a backlog, each task
after the other; the workers drain it; then 200 tasks (20 in the quick size) come at random times,
10 a second. With the profile's workers, and with one worker process that has one task at a time
(*one slot*); *direct* has no network, so the difference to 0 ms is what the proxy itself costs.
Primary: drain rate, sojourn p50 of the 10 a second.

Round trips per task: with one slot, nothing overlaps but what the framework itself does side by
side. So the time per task (the median over ten stretches of the drain), the median enqueue call and
the median sojourn time are straight lines over the RTT, y = a + k · RTT, and k is the number of
round trips that each waits for. It is fitted by least squares through the medians of the four RTTs,
with a 95 % interval (Student's t); the RTT is the one asked for and twice the mean lateness of the
proxy, which a busy or a sleeping processor makes (some 0.05 ms). Assumptions: what is not network
takes equally long at every RTT; messages are small against the bandwidth, which has no limit here;
nothing is lost. k is of what is waited for: commands that travel together, or beside a running task
(reservations ahead, acknowledgements that nobody waits for), count once or not at all. Beside it
stand the commands that the broker counted and the pieces of data that the clients sent it, per
task; both count what nobody waited for too. A worker that polls adds half of its period to the
sojourn time, and its k is of the time between.

The network is a proxy of our own (``infrastructure/network/proxy.py``), because not every kernel
has netem and not every user is root. Its CPU is that of the role ``network``.

Void: any task lost, duplicated or failed; a task that started sooner after its send than the
network allows, since its clients found another way; a proxy that took more than four fifths of a
core while the backlog was drained, since the rate is then its own.

A stock command line with other processes than one has no point of one slot, and a broker on another
machine, or with TLS, none with a delay: gaps. ``raw`` is the floor here.
"""

import numpy as np

from harness.measure.accounting import account
from harness.measure.layouts import Array, calls
from harness.measure.metrics import (
    Joined,
    Metric,
    accounting_metrics,
    cpu_metrics,
    drain_rate,
    join,
    quantiles,
    send_rate,
)
from harness.measure.records import Records
from harness.measure.sampler import cpu_between
from harness.scenario.backlog import SATURATED, drain_backlog, used
from harness.scenario.chart import Chart, drawn
from harness.scenario.open_loop import poisson
from harness.scenario.point import ROUND_TRIP, Point, Size, amount, numbered
from harness.scenario.primary import DRAIN_RATE, SOJOURN_P50
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario, Together

OVER = "network_round_trip"
ROUND_TRIPS_MS = (0.0, 0.2, 1.0, 5.0)
DIRECT = "one slot, direct"
TASKS, LEAST, FEW, RATE = 1_000, 100, 200, 10.0
LEAST_FEW = 20
WAITED_FOR = 5  # round trips of a task and its send, for the plan
MOST_OF_A_CORE = 0.8
STRETCHES = 10


def serial(round_trip_ms: float) -> str:
    return f"one slot, {round_trip_ms:g} ms"


ONE_SLOT = (DIRECT, *map(serial, ROUND_TRIPS_MS))
USUAL = tuple(f"{rtt:g} ms" for rtt in ROUND_TRIPS_MS)


class NetworkDelay(Scenario):
    name = "network_delay"
    question = "What does the way to the broker cost, and how many round trips does a task take?"
    primary = (DRAIN_RATE, SOJOURN_P50)
    usual = False
    charts = drawn(
        Chart("drain_rate", "Drain rate by round-trip time", over=OVER, points=USUAL),
        Chart("sojourn_p50", "Sojourn time at 10 tasks/s, median", over=OVER, points=USUAL),
        Chart("time_per_task", over=OVER),
        Chart("enqueue_p50", over=OVER, points=ONE_SLOT),
        "broker_commands_per_task",
        "workers_cpu_per_task",
    )
    together = Together.ROUND_TRIPS

    def points(self, size: Size) -> list[Point]:
        one = {"processes": 1}
        slots = [
            Point(size, name=serial(rtt), wants=one, options={ROUND_TRIP: rtt})
            for rtt in ROUND_TRIPS_MS
        ]
        usual = [
            Point(size, name=name, options={ROUND_TRIP: rtt})
            for name, rtt in zip(USUAL, ROUND_TRIPS_MS, strict=True)
        ]
        return numbered([*usual, Point(size, name=DIRECT, wants=one), *slots])

    def tasks(self, point: Point) -> int:
        """Of the backlog."""
        return point.size.scaled(TASKS, LEAST)

    def expected_s(self, point: Point) -> float:
        tasks = self.tasks(point) * 6 // 5
        network_s = tasks * WAITED_FOR * float(point.options.get(ROUND_TRIP, 0.0)) / 1e3
        few_s = point.size.scaled(FEW, LEAST_FEW) / RATE
        return point.size.around_s + point.drained_s(tasks) + network_s + few_s

    def drive(self, run: Run, point: Point, rng: np.random.Generator) -> None:
        load = calls(self.tasks(point))
        drain_backlog(run, point, load, warm=load[: len(load) // 5])
        few = point.size.scaled(FEW, LEAST_FEW)
        run.producers.send_schedule("load", calls(few, offsets_ns=poisson(RATE, few, rng)))
        run.drain()
        run.settle()

    def measure(self, run: Run, point: Point, records: Records) -> Measures:
        fate, backlog = account(records), self.tasks(point)
        drained, few = parted(records, backlog)
        metrics, void = accounting_metrics(fate), fate.complaints()
        if len(drained.runs) < LEAST:
            return Measures(metrics, void)
        joined, later, window = join(drained), join(few), run.windows["load"]
        metrics += [
            *rate_metrics(run, point, drained),
            *quantiles("enqueue", joined.ack - joined.send),
            *quantiles("sojourn", later.sojourn),
            *quantiles("wait", later.start - later.send),
            *quantiles("generator_lag", later.lag),
            *cpu_metrics(window, SATURATED, backlog),
            *used(run, window, backlog),
        ]
        if ROUND_TRIP in point.options:
            metrics += network_metrics(run, point, backlog)
            void += shortcuts(join(records), float(point.options[ROUND_TRIP]))
            void += overloaded(run)
        return Measures(metrics, void)


def parted(records: Records, backlog: int) -> tuple[Records, Records]:
    """Those of the backlog, and those of the tasks that came after it."""
    sent, ran = (rows["seq"] < backlog for rows in (records.sends, records.runs))
    return (
        Records(records.sends[sent], records.runs[ran]),
        Records(records.sends[~sent], records.runs[~ran]),
    )


def rate_metrics(run: Run, point: Point, drained: Records) -> list[Metric]:
    """Rates; and, where tasks come one after the other, the time that one takes."""
    rate = drain_rate(drained.runs["end"], run.topology.slots)
    found = [
        Metric("drain_rate", rate, "tasks/s"),
        Metric("enqueue_rate", send_rate(drained.sends), "tasks/s"),
    ]
    if point.name in ONE_SLOT:
        found.append(Metric("time_per_task", time_per_task(drained.runs["end"]), "ms"))
    return found


def time_per_task(ends_ns: Array) -> float:
    """Milliseconds from one end to the next: of ten stretches with equally many tasks the median,
    so that a machine which stalls for a moment slows one of them down.
    """
    ends = np.sort(ends_ns)
    edges = np.linspace(0, len(ends) - 1, STRETCHES + 1).astype(int)
    return float(np.median(np.diff(ends[edges]) / np.diff(edges))) / 1e6


def network_metrics(run: Run, point: Point, tasks: int) -> list[Metric]:
    """The network's delay, how exact it was, and what passed while the backlog was drained."""
    passed, asked = run.windows["load"].network, float(point.options[ROUND_TRIP])
    found = [
        Metric("network_round_trip", asked, "ms"),
        Metric("broker_requests_per_task", passed.up / tasks, "1"),
        Metric("broker_answers_per_task", passed.down / tasks, "1"),
    ]
    if run.link:
        found.append(Metric("network_connections", run.link.counts().connections, "1"))
    if passed.up + passed.down:
        late_us = passed.mean_late_us
        found += [
            Metric("network_lateness_mean", late_us, "us"),
            Metric("network_round_trip_real", asked + 2 * late_us / 1e3, "ms"),
        ]
    return found


def shortcuts(joined: Joined, round_trip_ms: float) -> list[str]:
    """A task travels to the broker and on to a worker, one way each."""
    sooner = int((joined.start - joined.send < round_trip_ms * 1e6).sum())
    if not sooner:
        return []
    said = f"{amount(sooner, 'task')} started sooner after the send than the network allows"
    return [f"{said}, {round_trip_ms:g} ms: their clients found another way to the broker"]


def overloaded(run: Run) -> list[str]:
    """The rate is that of the proxy where it had no time left."""
    window = run.windows["load"]
    taken_s = cpu_between(window.before, window.after, {}).get("network", 0.0)
    share = taken_s / ((window.end_ns - window.start_ns) / 1e9)
    if share <= MOST_OF_A_CORE:
        return []
    return [f"the proxy that delays took {100 * share:.0f} % of a core: the rate is its own"]


SCENARIO = NetworkDelay()
