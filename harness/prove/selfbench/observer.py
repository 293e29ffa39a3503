"""What a drain costs with the probe on against off, seen from outside.

Both in turn in one warm worker, a few pairs a start of it: two would fight with the broker and with
us for two cores, and that is all one would see. Judged by the workers' CPU: identical drains differ
by 10 to 20 % in makespan on a shared machine, so that 2 % could not be told there; the makespan's
effect is stored beside it.
"""

import math
import time
from dataclasses import replace

import numpy as np

from harness.cli.console import console
from harness.cli.progress import clock, seconds_left
from harness.judge.signed_ranks import EQUIVALENCE_LEVEL, hodges_lehmann, signed_rank_interval
from harness.measure.layouts import Array
from harness.prove.lone import lone_run
from harness.prove.selfbench.session import Session
from harness.scenario.run import Run
from harness.trial.cell import Arm

PAIRS_A_START = 10
NARROW = 0.01  # half-width of the interval, on the log scale: half its bar
SILENT = 1  # the argument that makes a task leave no record, as tasks.probe has it
EMPTY_S, LOOK_S = 120.0, 0.002


def observer_effect(session: Session, arm: Arm) -> None:
    """Pairs until the 90 % interval of the ratio is narrow, or their most. An interval inside ±2 %
    is the equivalence of METHOD 9: ``observer_within`` is its farther end.
    """
    d = np.empty((0, 2))  # ln(on / off) of CPU and makespan
    begin = time.monotonic()
    while len(d) < session.sizes.pairs or not settled(d[:, 0], session.sizes.most_pairs):
        d = np.concatenate([d, observed_pairs(session, arm)])
        left = seconds_left(begin, len(d), session.sizes.most_pairs)
        cpu, makespan = (percent(hodges_lehmann(column)) for column in d.T)
        console.print(
            f"  {len(d)} pairs: CPU {cpu:+.1f} %, makespan {makespan:+.1f} %, "
            f"{clock(left)} left at most"
        )
    interval = signed_rank_interval(d[:, 0], EQUIVALENCE_LEVEL)
    farther = max(abs(interval.low), abs(interval.high))
    cpu, makespan = (percent(hodges_lehmann(column)) for column in d.T)
    session.add(f"observer_effect_{arm.framework}", cpu, "%")
    session.add(f"observer_low_{arm.framework}", percent(interval.low), "%")
    session.add(f"observer_high_{arm.framework}", percent(interval.high), "%")
    session.add(f"observer_within_{arm.framework}", percent(farther), "%")
    session.add(f"observer_makespan_{arm.framework}", makespan, "%")
    session.add(f"observer_pairs_{arm.framework}", len(d), "pairs")


def settled(d: Array, most: int) -> bool:
    """Whether the ratio of pairs is known well enough, or enough of them were run.

    Judged by the interval's width alone, which does not favour either answer.
    """
    interval = signed_rank_interval(d, EQUIVALENCE_LEVEL)
    return interval.half_width <= NARROW or len(d) >= most


def percent(logarithm: float) -> float:
    """A log-ratio as a difference in percent."""
    return 100 * math.expm1(logarithm)


def observed_pairs(session: Session, arm: Arm) -> Array:
    """ln(on / off) of CPU and makespan, shape (PAIRS_A_START, 2), by workers started once."""
    tasks = round(session.capacity[arm.framework] / 2 * session.sizes.drain_s)
    found, quiet = [], replace(arm, options={"probe": "by arg"})
    with lone_run(session.database, quiet, session.seed, processes=1) as run:
        drain_from_outside(run, tasks, silent=False)  # the last of the warm-up
        for pair in range(PAIRS_A_START):
            order = (False, True) if pair % 2 else (True, False)
            cost = {silent: drain_from_outside(run, tasks, silent=silent) for silent in order}
            found.append(np.log(cost[False]) - np.log(cost[True]))
    return np.array(found)


def drain_from_outside(run: Run, tasks: int, *, silent: bool) -> Array:
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
        time.sleep(LOOK_S)
    took = time.perf_counter() - begin
    return np.array([run.sampler.look()["workers"].cpu_s - used, took])
