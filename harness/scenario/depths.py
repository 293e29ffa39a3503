"""A depth that is held: a producer refills the queue as the workers drain it.

What a task costs can depend on how many wait behind it: a table is searched, a list is moved. The
drain of a backlog has no one rate then. It has one at a depth, beside the producer that keeps it:
from what was sent behind a closed gate, until two fifths are missing where workers are faster.
"""

import time
from collections.abc import Sequence

from harness.measure.accounting import account
from harness.measure.depths import LEAST_KEPT, HeldRate, Stretch, apart, held_rates
from harness.measure.metrics import Metric, drain_rate
from harness.measure.records import Records
from harness.measure.validity import UNJUDGED, UNSTEADY
from harness.scenario.backlog import drain_ends, value_of
from harness.scenario.point import Size
from harness.scenario.run import QUIET_S, Run
from harness.scenario.scenario import Measures
from harness.scenario.workers import POLL_S
from infrastructure.errors import TrialFailed

HELD = "held"  # the phase of its tasks
VISITS = 3  # to each depth, in turns
TRIES = 4  # of a visit in which no worker crashes, where none had crashed until then
DEEP, SHALLOW = 2, 20  # of the backlog, one part in so many
LEAST_SHALLOW = 100  # tasks
# What the shallow queue lasts for without a producer: less of it is gone before anybody looks.
LASTS_S = 0.25
REFILL = 50  # of a depth, one part in so many is sent at a time
# A stretch is of so much time and of so many tasks, or it has no rate.
LEAST_S, LEAST_ENDED = 0.2, 20
LOOK_S = POLL_S / 4


def hold_depths(run: Run, backlog: int, size: Size) -> None:
    """Hold a deep and a shallow queue in turns, each for as long as the size says. What cannot be
    held explains nothing, and the drain stays what it was.
    """
    try:
        hold_in_turns(run, depths_of(backlog, drained_at(run)), size.hold_s)
    except TrialFailed as error:
        run.stretches.clear()
        run.unheld = str(error)


def drained_at(run: Run) -> float:
    """Tasks/s of the drain that has just ended."""
    return drain_rate(drain_ends(run, Records.read(run.folder.records)), run.topology.slots)


def depths_of(backlog: int, rate: float) -> tuple[int, int]:
    """A deep and a shallow queue, in tasks, of workers that drain ``rate`` tasks/s.

    Raises TrialFailed where the backlog is too small for two.
    """
    deep = backlog // DEEP
    shallow = max(LEAST_SHALLOW, backlog // SHALLOW, round(LASTS_S * rate))
    if deep < 2 * shallow:
        raise TrialFailed(
            f"{backlog:,} tasks at {rate:,.0f} tasks/s are too few for two depths: the shallow one "
            f"would be {shallow:,} and the deep one {deep:,}"
        )
    return deep, shallow


def hold_in_turns(run: Run, depths: Sequence[int], seconds: float) -> None:
    """Raises TrialFailed."""
    tries = 1 if run.workers.crashes else TRIES
    for _ in range(VISITS):
        for depth in depths:
            run.stretches.setdefault(depth, []).append(visit(run, depth, seconds, tries))
    run.settle()


def visit(run: Run, depth: int, seconds: float, tries: int) -> Stretch:
    """One in which no worker crashed, if there is one: until it is up again its slots do nothing,
    and the rate would tell of that. Where each time one does, that is what the depth costs.
    """
    for _ in range(tries):
        run.gate.close()
        crashes = len(run.workers.crashes)  # from here, where all slots are held
        run.producers.send(HELD, "noop", depth)
        run.gate.open()
        stretch = hold(run, depth, seconds)
        run.processes.check_alive()  # which counts one that has just ended
        whole = len(run.workers.crashes) == crashes
        drained(run)
        if whole:
            break
    return stretch


def hold(run: Run, depth: int, seconds: float) -> Stretch:
    """Refill as the workers drain, for so long, or until the producer has fallen too far behind.

    Raises TrialFailed where that was too soon for a rate.
    """
    first = run.producers.issued[HELD] - depth + run.topology.slots
    # A shallow queue is gone in an instant: it is looked at more often than a drain.
    run.processes.until_quiet(
        run.tail.poll, QUIET_S, lambda: run.tail.completed(HELD) >= first, LOOK_S
    )
    begun, begin = completed(run), time.monotonic_ns()
    while (left := run.producers.issued[HELD] - completed(run)) > LEAST_KEPT * depth:
        if time.monotonic_ns() - begin > seconds * 1e9:
            break
        if depth - left > depth / REFILL:
            run.producers.send(HELD, "noop", max(1, depth // REFILL))
        else:
            run.processes.check_alive()
            time.sleep(LOOK_S)
    stretch, ended = Stretch(begin, time.monotonic_ns()), completed(run) - begun
    if stretch.seconds < min(LEAST_S, seconds) or ended < LEAST_ENDED:
        raise TrialFailed(
            f"{depth:,} tasks were there for {stretch.seconds:.2f} s, in which {ended:,} ended: "
            "the workers are faster than the producer that refills the queue"
        )
    return stretch


def completed(run: Run) -> int:
    run.tail.poll()
    return run.tail.completed(HELD)


def drained(run: Run) -> None:
    """Wait until all is done, or nothing has come for long."""
    issued = run.producers.issued[HELD]
    run.processes.until_quiet(run.tail.poll, QUIET_S, lambda: run.tail.completed(HELD) >= issued)


def judge_depth(found: Measures, run: Run) -> None:
    """Add whether the rate depends on the depth of the queue: not where the drain was steady; where
    it drifted, as the held depths say. Nothing where neither was judged.
    """
    if run.unheld:
        found.remarks.append(f"no depth of the queue could be held: {run.unheld}")
    if run.stretches:
        explain_drift(found, run)
    elif not any(said.startswith((UNSTEADY, UNJUDGED)) for said in (*found.void, *found.remarks)):
        found.metrics.append(Metric("depth_dependent", 0.0, "1"))


def explain_drift(found: Measures, run: Run) -> None:
    """A drift that the held depths explain is what the trial found, and not what is wrong with
    it.
    """
    records = Records.read(run.folder.records, HELD)
    found.void.extend(f"at a held depth: {said}" for said in account(records).complaints())
    deep, shallow = held_rates(records, run.stretches)
    ratio, drift = apart(deep, shallow), value_of(found, "drift")
    explained = ratio != 1.0 and (ratio > 1) == (drift > 1)
    found.metrics.extend(metrics_of(deep, shallow, drift, depends=explained))
    if explained:
        found.void[:] = [reason for reason in found.void if not reason.startswith(UNSTEADY)]
        # A drift of its own name: a comparison asks whether an arm's trials drift together.
        found.metrics[:] = [m for m in found.metrics if m.name != "drift"]
        found.remarks.append(in_words(deep, shallow))


def metrics_of(deep: HeldRate, shallow: HeldRate, drift: float, *, depends: bool) -> list[Metric]:
    own = [Metric("depth_drift", drift, "1")] if depends else []
    return [
        *own,
        Metric("depth_dependent", float(depends), "1"),
        Metric("held_depth_deep", deep.depth, "tasks"),
        Metric("held_depth_shallow", shallow.depth, "tasks"),
        Metric("held_rate_deep", deep.rate, "tasks/s"),
        Metric("held_rate_shallow", shallow.rate, "tasks/s"),
    ]


def in_words(deep: HeldRate, shallow: HeldRate) -> str:
    return (
        f"the rate depends on the depth of the queue: {deep.rate:,.0f} tasks/s while "
        f"{deep.asked:,} wait, {shallow.rate:,.0f} while {shallow.asked:,} do, each beside the "
        "producer that keeps it so; the drain rate is of this backlog, as it empties"
    )
