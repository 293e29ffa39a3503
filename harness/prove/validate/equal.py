"""Equal and unequal arms, the whole way: false alarms, detections, intervals that cover."""

import math
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

from rich.console import Console

from harness.cli.console import console
from harness.cli.progress import clock, seconds_left
from harness.judge.claims import DIFFERENT, Kind, Verdict
from harness.prove.validate.found import Found, chance_most
from harness.prove.validate.session import COMPARED, SMALL, VIRTUAL, ValidateSession
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import QUICK
from harness.trial.cell import Arm

BLOCKS = 8
LOOK_S = 0.2
SIDE_BY_SIDE = 4  # comparisons on the stub: they take a third of their time of a core
NOISE, SHARED = 0.02, 0.10  # between trials of an arm; between blocks, shared by the arms
TEN, FIVE = 1.10, 1.05
DETECTED = 2 / 3  # of the experiments with +10 %
# So many rounds, 2 ms, that 2 % of them are nearly 2 % of a task's CPU.
TWO, ROUNDS = 1.02, 70_000
MOST = 0.9  # of the experiments with +2 % in turns
PLANTED_BLOCKS, PLANTED_MARGIN = 10, 0.005
REAL = replace(QUICK, tasks=2_000)
WRONG = DIFFERENT | {Kind.INVALID}  # of equal arms


@dataclass
class Experiments:
    """Comparisons on the stub, and how many of their intervals hold the known ratio."""

    session: ValidateSession
    intervals: int = 0
    covered: int = 0

    def equals(self) -> Found:
        count = self.session.sizes.equal
        wrong = sum(any(v.kind in WRONG for v in vs) for vs in self.carried_out(1, count))
        return Found(
            "A/A, end to end",
            wrong,
            "false alarms",
            chance_most(count),
            at_most=True,
            sentence=f"{count} comparisons of the stub with itself, {BLOCKS} blocks, three metrics "
            "each",
        )

    def injected_ten(self) -> Found:
        count = self.session.sizes.injected
        slower = {Kind.SLOWER, Kind.SLOWER_UNCERTAIN}
        seen = sum(v[0].kind in slower for v in self.carried_out(TEN, count))
        return Found(
            "injected +10 % service time",
            seen,
            "detections",
            math.ceil(DETECTED * count),
            at_most=False,
            sentence=f"{count} comparisons at {100 * NOISE:g} % spread between trials: found "
            "slower",
        )

    def coverage(self) -> Found:
        for _ in self.carried_out(FIVE, self.session.sizes.injected):
            pass
        return Found(
            "intervals that cover the truth",
            self.covered,
            "covered",
            self.intervals - chance_most(self.intervals),
            at_most=False,
            sentence=f"of {self.intervals} 95 % intervals of the comparisons above and of +5 %",
        )

    def carried_out(self, ratio: float, count: int) -> Generator[list[Verdict]]:
        """``count`` comparisons; whether each interval of the drain rate covers the truth.

        They run in virtual time: a busy machine is no reason to run a block again, and they mostly
        wait, so that some can run at once.
        """
        begin = time.monotonic()
        asked = [partial(self.one, ratio, number) for number in range(count)]
        with closing(self.side_by_side(asked)) as found:
            for number, verdicts in enumerate(found, 1):
                low, high = verdicts[0].low, verdicts[0].high
                self.intervals += 1
                self.covered += low is not None and high is not None and low <= 1 / ratio <= high
                left = seconds_left(begin, number, count)
                console.print(f"  {number} of {count}: {verdicts[0].kind}, {clock(left)} left")
                yield verdicts

    def side_by_side(
        self, comparisons: Sequence[Callable[[], list[Verdict]]]
    ) -> Generator[list[Verdict]]:
        """So many at a time; what each came to, in order. Those that run end when this is ended."""
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            asked = [pool.submit(comparison) for comparison in comparisons]
            try:
                yield from (each.result() for each in asked)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
                while running := [each for each in asked if not each.done()]:
                    self.session.end()
                    wait(running, LOOK_S)

    def one(self, ratio: float, number: int) -> list[Verdict]:
        arms, seed = self.pair(ratio, number), self.session.seed + 1000 * round(100 * ratio)
        quiet = Console(quiet=True)
        return self.session.comparison(arms, SMALL, BLOCKS, seed + number, quiet, redo=0)

    def pair(self, ratio: float, number: int) -> list[Arm]:
        """Two stub arms whose service times are this ratio apart, with a spread of their own."""
        noise = {**VIRTUAL, "noise": NOISE, "block_noise": SHARED}
        slower = {**noise, "service_us": VIRTUAL["service_us"] * ratio}
        return [
            self.session.stub_arm(**noise, salt=2 * number),
            self.session.stub_arm(**slower, salt=2 * number + 1),
        ]


def planted_two(session: ValidateSession) -> Found:
    """A body that computes for 2 % longer is found by comparisons in turns, in real time."""
    count, found = session.sizes.planted, 0
    metric = load_scenario(COMPARED).primary_names.index("workers_cpu_per_task")
    for number in range(count):
        arms = [session.stub_arm(loops=int(ROUNDS * ratio), processes=1) for ratio in (1, TWO)]
        seed = session.seed + 7000 + number
        verdicts = session.comparison(
            arms, QUICK, PLANTED_BLOCKS, seed, console, turns=True, margin=PLANTED_MARGIN
        )
        found += verdicts[metric].kind in {Kind.SLOWER, Kind.SLOWER_UNCERTAIN}
    return Found(
        "planted +2 %, in turns",
        found,
        "detections",
        math.ceil(MOST * count),
        at_most=False,
        sentence=f"{count} comparisons of the stub in turns, {PLANTED_BLOCKS} blocks each: found "
        "dearer",
    )


def real_equals(session: ValidateSession, arm: Arm) -> Found:
    """A framework against itself."""
    return equal_arms(session, [arm, arm], turns=True)


def equal_arms(session: ValidateSession, arms: Sequence[Arm], *, turns: bool = False) -> Found:
    """Arms that are said to be equal: a verdict that says otherwise misses the bar, and so does a
    metric without a verdict.
    """
    blocks, claims = session.sizes.real_blocks, len(load_scenario(COMPARED).primary)
    verdicts = session.comparison(arms, REAL, blocks, session.seed + 1, console, turns=turns)
    wrong = sum(v.kind in WRONG for v in verdicts) + claims - len(verdicts)
    kinds = ", ".join(v.kind for v in verdicts)
    return Found(
        f"A/A, {arms[0].framework}",
        wrong,
        "wrong verdicts",
        0,
        at_most=True,
        sentence=f"{arms[0].label} against itself, {blocks} blocks: {kinds}; a difference, an "
        "invalid trial or a missing verdict is wrong, and by chance alone one session in twenty "
        "has one",
    )
