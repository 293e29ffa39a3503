"""What a drain costs with the probe on against off.

Both in one warm worker, which takes turns of half a second at one backlog, in a random order within
each pair: two workers would fight with the broker and with us for two cores, and that is all one
would see. Noise that is slower than a pair cancels. With the probe on, everything looks that looks
while a trial drains, as often as there. The last task of every turn leaves a file, which tells that
the turn is over: we look for it in both kinds. Judged by the workers' CPU; the time that the turns
took is stored beside it.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from harness.cli.console import console
from harness.cli.progress import clock, seconds_left
from harness.judge.signed_ranks import EQUIVALENCE_LEVEL, hodges_lehmann, signed_rank_interval
from harness.measure.layouts import Array, calls, kind_number
from harness.prove.lone import lone_run
from harness.prove.selfbench.session import SelfbenchSession
from harness.scenario.processes import DRAIN_POLL_S
from harness.scenario.run import Run
from harness.trial.cell import Arm
from infrastructure.processes.role import Role
from tasks.records import TRIED, wire_seq

PAIRS_A_START, TURN_S = 20, 0.5
NARROW = 0.005  # half-width of the interval, on the log scale
SILENT = 1  # the argument that makes a task leave no record, as tasks.probe has it
OVER_S, LOOK_S = 60.0, 0.005  # of a turn


def observer_effect(session: SelfbenchSession, arm: Arm) -> None:
    """Pairs until the 90 % interval of the ratio is narrow, or their most. An interval inside ±2 %
    is the equivalence of METHOD 9: ``observer_within`` is its farther end.
    """
    d = np.empty((0, 2))  # ln(on / off) of CPU and time
    begin = time.monotonic()
    while len(d) < session.sizes.pairs or not settled(d[:, 0], session.sizes.most_pairs):
        d = np.concatenate([d, observed_pairs(session, arm, session.seed + len(d))])
        left = seconds_left(begin, len(d), session.sizes.most_pairs)
        cpu, makespan = (percent(hodges_lehmann(column)) for column in d.T)
        console.print(
            f"  {len(d)} pairs: CPU {cpu:+.2f} %, time {makespan:+.1f} %, "
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


def observed_pairs(session: SelfbenchSession, arm: Arm, seed: int) -> Array:
    """ln(on / off) of CPU and time, shape (PAIRS_A_START, 2), by workers started once."""
    tasks = round(session.capacity[arm.framework] / 2 * TURN_S)
    silent = drawn_turns(np.random.default_rng(seed))
    quiet = replace(arm, options={"probe": "by arg"})
    with lone_run(session.database, quiet, seed, processes=1) as run:
        run.sampler.stop()
        run.gate.close()
        run.producers.send_calls("load", backlog(silent, tasks))
        run.gate.open()
        lasts = (number * tasks - 1 for number in range(1, len(silent) + 1))
        costs = [turn(run, last, watched=not off) for last, off in zip(lasts, silent, strict=True)]
    return paired(silent[1:], np.log(costs[1:]))


def drawn_turns(rng: np.random.Generator) -> list[bool]:
    """Whether the probe is off in each: a first one, which is the last of the warm-up, and pairs of
    random order.
    """
    return [True, *(bool(off) for _ in range(PAIRS_A_START) for off in rng.permutation(2))]


def backlog(silent: Sequence[bool], tasks: int) -> Array:
    """So many no-ops per turn, the last of which also leaves a file: one that succeeds at once of
    those that may fail before.
    """
    load = calls(len(silent) * tasks)
    load["arg"] = np.repeat(np.where(silent, SILENT, 0), tasks)
    load["arg"][tasks - 1 :: tasks] = 0
    load["kind"][tasks - 1 :: tasks] = kind_number("flaky")
    return load


def turn(run: Run, last: int, *, watched: bool) -> Array:
    """CPU seconds of the workers, and seconds, until that task is done; ``watched``: with samples
    taken, and records read, as in a trial.
    """
    done = run.folder.records / f"{TRIED}{wire_seq('load', last)}"
    if watched:
        run.sampler.start()
    used, begin = run.sampler.look()[Role.WORKERS].cpu_s, time.perf_counter()
    polled = begin
    while not done.exists():
        if time.perf_counter() - begin > OVER_S:
            raise RuntimeError(f"a turn of {TURN_S:g} s was not over in {OVER_S:g} s")
        time.sleep(LOOK_S)
        if watched and time.perf_counter() - polled > DRAIN_POLL_S:
            run.processes.check_alive()
            run.tail.poll()
            polled = time.perf_counter()
    found = np.array([run.sampler.look()[Role.WORKERS].cpu_s - used, time.perf_counter() - begin])
    if watched:
        run.sampler.stop()
    return found


def paired(silent: Sequence[bool], logs: Array) -> Array:
    """On minus off of each pair of turns."""
    signs = np.where(silent, -1, 1)[:, None]
    pairs: Array = (signs * logs).reshape(-1, 2, logs.shape[1]).sum(axis=1)
    return pairs
