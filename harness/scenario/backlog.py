"""A backlog that warm workers drain: what several scenarios do, and what they measure of it.

Every slot is held by a gate task while one producer sends the backlog, then the gate opens.
"""

from collections.abc import Callable, Mapping, Sequence

from harness.measure import validity
from harness.measure.accounting import Account, account
from harness.measure.layouts import Array
from harness.measure.metrics import (
    Metric,
    accounting_metrics,
    command_metrics,
    cpu_metrics,
    cpu_totals,
    drain_rate,
    idle_metrics,
    join,
    memory_metrics,
    quantiles,
    send_rate,
)
from harness.measure.records import Records
from harness.measure.turns import (
    at_work,
    cpu_within,
    ended_within,
    in_turn,
    own_time,
    place_of,
    settled_after,
)
from harness.measure.window import Window
from harness.scenario.point import Point
from harness.scenario.run import Run
from harness.scenario.scenario import Measures

LEAST_FOR_A_RATE = 10  # completions
# Busy workers do not poll an empty queue as idle ones do: there is nothing to take off.
SATURATED: Mapping[str, float] = {}


def drain_backlog(
    run: Run, point: Point, load: Array, *, warm: Array, queues: Sequence[str] = ()
) -> None:
    """Warm up with ``warm``, then load and drain ``load`` (both CALL_TYPE)."""
    run.measure_idle(point.size.idle_s)
    run.warm_up_calls(warm, queues)
    run.gate.close()
    load_held(run, lambda: run.producers.send_calls("load", load, queues))
    drain_held(run)


def drain_live(run: Run, point: Point, send: Callable[[], object]) -> None:
    """Warm up with no-ops for as long as the size says, then load by ``send`` and drain."""
    run.measure_idle(point.size.idle_s)
    run.warm_up(point.size.warmup_s)
    run.gate.close()
    load_held(run, send)
    drain_held(run)


def load_held(run: Run, send: Callable[[], object]) -> None:
    """Send the backlog behind a closed gate, in the window ``enqueue``."""
    with run.in_turns("enqueue"):
        run.open_window("enqueue")
        send()
        run.close_window("enqueue")


def drain_held(run: Run) -> None:
    """Open the gate and let the workers drain what is there, in the window ``load``."""
    with run.seated(), run.in_turns("load"):
        run.open_window("load")
        run.gate.open()
        run.marks["opened"] = run.gate.opened_ns  # it may be closed again after the drain
        run.drain()
        run.close_window("load")
    run.settle()


def backlog_measures(run: Run, records: Records) -> Measures:
    """Rates, cost and accounting of a drained backlog; void where a task went wrong."""
    fate = account(records)
    metrics = accounting_metrics(fate)
    if fate.completed_once >= LEAST_FOR_A_RATE:
        window, joined = run.windows["load"], join(records)
        in_turns = "load" in run.turns
        metrics += [
            *(turn_metrics(run, records) if in_turns else drain_metrics(run, records, fate)),
            *quantiles("enqueue", joined.ack - joined.send),
            *quantiles("service", joined.end - joined.start),
            *used(run, window, fate.completed_once),
        ]
    return Measures(metrics, [*fate.complaints(), *run.harmed])


def used(run: Run, window: Window, tasks: int) -> list[Metric]:
    """Memory and commands to the broker within a window, and the CPU of idle workers."""
    return [
        *memory_metrics(run.sampler.usages, window),
        *command_metrics(window, tasks),
        *idle_metrics(run.idle),
    ]


def drain_metrics(run: Run, records: Records, fate: Account) -> list[Metric]:
    """Rates and CPU of an arm that had the machine for itself."""
    ends = records.runs["end"]
    return [
        Metric("drain_rate", drain_rate(ends, run.topology.slots), "tasks/s"),
        Metric("makespan", float(ends.max() - run.marks["opened"]) / 1e9, "s"),
        Metric("enqueue_rate", send_rate(records.sends), "tasks/s"),
        *cpu_metrics(run.windows["load"], SATURATED, fate.completed_once),
    ]


def turn_metrics(run: Run, records: Records) -> list[Metric]:
    """The same of one that took turns: what it did in its own, the beginning of each left out."""
    runs, sends = records.runs, records.sends
    own = at_work(runs["end"], run.turns["load"])
    settle_ns, paused = run.partner.settle_ns, not run.partner.cores
    drained = in_turn(runs["start"], runs["end"], own, settle_ns, paused=paused)
    sent = in_turn(sends["send"], sends["ack"], run.turns["enqueue"], settle_ns, paused=paused)
    tasks = ended_within(runs["end"], own)
    return [
        Metric("drain_rate", drained.rate, "tasks/s"),
        Metric("enqueue_rate", sent.rate, "tasks/s"),
        *cpu_totals(cpu_within(own), tasks),
        Metric("turns", len(own), "1"),
        Metric("turn_tasks_cut", drained.spanning, "tasks"),
        Metric("turn_autocorrelation", drained.autocorrelation, "1"),
        Metric("turn_settled", settled_after(runs["end"], own) / 1e9, "s"),
        Metric("turn_settle", settle_ns / 1e9, "s"),
        Metric("turn_window", run.partner.window_s, "s"),
        Metric("turn_cores", run.partner.cores, "1"),
    ]


def unsteady(run: Run) -> bool:
    """Whether the drain that has just ended quickened or slowed down."""
    run.bring()
    ends = drain_ends(run, Records.read(run.folder.records))
    if len(ends) < LEAST_FOR_A_RATE or validity.too_short(ends):
        return False
    return validity.steady_state(validity.rate_bins(ends), "drain rate") is not None


def judge_drift(measures: Measures, run: Run, records: Records) -> None:
    """Add the drain's drift, and what it says of a steady state."""
    ends = drain_ends(run, records)
    if len(ends) < LEAST_FOR_A_RATE:
        return
    bins = validity.rate_bins(ends)
    measures.metrics.append(Metric("drift", validity.drift(bins), "1"))
    if short := validity.too_short(ends):
        measures.remarks.append(short)
    elif said := validity.steady_state(bins, "drain rate"):
        measures.void.append(said)


def drain_ends(run: Run, records: Records) -> Array:
    """When tasks ended (ns); where the arm took turns with others those that ended in them, on its
    own clock: once the first arm is done, the others drain the rest as they like.
    """
    ends: Array = records.runs["end"]
    if "load" not in run.turns:
        return ends
    own = at_work(ends, run.turns["load"])
    return own_time(ends[place_of(ends, own) >= 0], own)


def value_of(measures: Measures, name: str) -> float:
    """A metric's value; nan where there is none."""
    return next((m.value for m in measures.metrics if m.name == name), float("nan"))
