"""An open loop: tasks at times computed before, and what their latencies are worth.

The load points of ``latency`` and every other scenario that offers a rate are measured and judged
alike: METHOD 3 and 4.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from harness.measure import validity
from harness.measure.accounting import account
from harness.measure.layouts import Array, calls
from harness.measure.metrics import (
    Joined,
    Metric,
    accounting_metrics,
    command_metrics,
    cpu_totals,
    gross_cpu,
    idle_metrics,
    join,
    mean_in_system,
    memory_metrics,
    overloaded_rate,
    quantiles,
)
from harness.measure.records import Records
from harness.measure.sampler import cpu_between
from harness.measure.turns import by_turn, cpu_above_idle, cpu_within, on_own_clock
from harness.scenario.run import Run
from harness.scenario.scenario import Measures
from infrastructure.counted import counted

UNDEFINED = "unstable, latency undefined"


def poisson(rate: float, count: int, rng: np.random.Generator) -> Array:
    """Arrival offsets in ns: ``count`` exponential gaps of mean 1/rate seconds."""
    offsets: Array = np.cumsum(rng.exponential(1e9 / rate, count)).astype(np.int64)
    return offsets


def constant(rate: float, count: int) -> Array:
    """Arrival offsets in ns at equal distances."""
    offsets: Array = (np.arange(count) * (1e9 / rate)).astype(np.int64)
    return offsets


def offer(run: Run, offsets: Array, *, virtual: bool = False) -> None:
    """No-ops at these times (ns), worked off, in the window ``load``; where arms of a block take
    turns, in segments, each worked off before another arm is offered anything.
    """
    run.open_window("load")
    for own in segments(offsets, run.partner.segment_s):
        with run.segment("load"):
            run.producers.send_schedule("load", calls(len(own), offsets_ns=own), virtual=virtual)
            run.drain()
    run.close_window("load")


def segments(offsets: Array, seconds: float) -> Iterator[Array]:
    """Offsets (ns) in parts of so long, each from its own beginning; all of them for 0."""
    if not seconds:
        yield offsets
        return
    length = int(seconds * 1e9)
    number = offsets // length
    for each in np.unique(number):
        yield offsets[number == each] - each * length


def open_loop_measures(
    run: Run, records: Records, rate: float, objective_ms: float = 0.0, *, pauses: bool = False
) -> Measures:
    """Latency, cost and accounting at ``rate`` tasks/s, and what voids them.

    ``objective_ms``: where a p99 is asked for, lateness of the generator is judged by it too.
    ``pauses``: tasks may wait for something else than a slot.
    """
    fate = account(records)
    void = fate.complaints()
    metrics = [Metric("offered_rate", rate, "tasks/s"), *accounting_metrics(fate)]
    if not fate.completed_once:
        return Measures(metrics, void)
    window, growth = run.windows["load"], growth_of(run, records)
    own = run.turns.get("load", [])
    joined = join(on_own_clock(records, own) if own else records)
    metrics += [
        Metric("backlog_slope", growth.slope, "tasks/s"),
        *quantiles("generator_lag", joined.lag),
        *cpu_figures(run, fate.completed_once),
        *memory_metrics(run.sampler.usages, window),
        *command_metrics(window, fate.completed_once),
        *idle_metrics(run.idle),
    ]
    if found := overload(growth, None if pauses else run.topology.slots):
        void.append(f"{UNDEFINED}: {found} at {rate:.0f} offered tasks/s")
        return Measures(metrics, void)
    bins = validity.sojourn_bins(joined.intended, joined.sojourn)
    metrics += [*latency_metrics(joined), Metric("drift", validity.drift(bins), "1")]
    findings = (
        validity.generator_lag(joined.lag, joined.sojourn, 1e6 * objective_ms),
        validity.steady_state(bins, "median sojourn"),
    )
    void += [finding for finding in findings if finding]
    return Measures(metrics, void)


def cpu_figures(run: Run, tasks: int) -> list[Metric]:
    """CPU above the idle baseline, and with it: a queue that polls an empty broker does so beside a
    low load too, yet less the more there is to do.
    """
    if own := run.turns.get("load"):
        net, gross = cpu_above_idle(own, run.idle), cpu_within(own)
    else:
        window = run.windows["load"]
        net, gross = (cpu_between(window.before, window.after, idle) for idle in (run.idle, {}))
    return [*cpu_totals(net, tasks), *gross_cpu(gross, tasks)]


def growth_of(run: Run, records: Records) -> validity.Backlog:
    """The backlog's; of the segment in the middle by slope, where arms took turns: it is unstable
    when it grew in more than half of them, since each begins anew, and they are too short to say
    whether a backlog stands.
    """
    own = run.turns.get("load")
    if not own:
        return validity.backlog(records)
    grown = (validity.backlog(part) for part in by_turn(records, own))
    found = sorted(grown, key=lambda growth: growth.slope)
    unstable = sum(part.unstable for part in found) > len(found) / 2
    return replace(found[len(found) // 2], unstable=unstable, least=0)


def overload(growth: validity.Backlog, slots: int | None) -> str | None:
    """METHOD 4: how a load shows that it is too much, None where it does not. A backlog that fills
    all ``slots`` at any time is one, though it may not grow any more.
    """
    if growth.unstable:
        return f"the backlog grew by {growth.slope:.1f} tasks/s"
    if slots is not None and growth.least > slots:
        room = counted(slots, "slot")
        return f"never fewer than {growth.least} tasks in the second half, for {room},"
    return None


def overload_measures(run: Run, records: Records, rate: float) -> Measures:
    """What an arm sustains when it is offered more: overload is what is wanted here."""
    fate = account(records)
    sustained = overloaded_rate(records, run.topology.slots)
    metrics = [
        Metric("offered_rate", rate, "tasks/s"),
        Metric("open_loop_capacity", sustained, "tasks/s"),
        *accounting_metrics(fate),
    ]
    return Measures(metrics, fate.complaints())


def latency_undefined(measures: Measures) -> bool:
    """METHOD 4: no percentile of a latency is given then, a scenario's own ones included."""
    return any(reason.startswith(UNDEFINED) for reason in measures.void)


def latency_metrics(joined: Joined) -> list[Metric]:
    return [
        *quantiles("sojourn", joined.sojourn),
        *quantiles("enqueue", joined.ack - joined.send),
        *quantiles("wait", joined.start - joined.send),
        *quantiles("service", joined.end - joined.start),
        Metric("mean_in_system", mean_in_system(joined), "tasks"),
    ]
