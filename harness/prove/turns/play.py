"""A piece carried out: a comparison as ``compare`` makes it, a block in turns and in sequence."""

import os
import string
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np
from rich.console import Console

from harness.cli.progress import TrialProgress
from harness.experiment.comparison.comparison import Comparison, Pace, Pair
from harness.experiment.comparison.duet import duet_load, plans_of
from harness.experiment.comparison.judging import Judged, judge_comparison
from harness.experiment.comparison.measured import Measured, read_measured
from harness.experiment.comparison.pace import find_paces
from harness.experiment.comparison.run import run
from harness.prove.turns.plan import (
    ALONE,
    BLOCKS,
    EQUAL,
    KINDS,
    LATENCY,
    PLANTED,
    Kind,
    Piece,
    Word,
)
from harness.prove.turns.planting import planted_cell, round_s
from harness.prove.validate.session import ValidateSession
from harness.scenario.catalogue import Load, load_words
from harness.scenario.point import QUICK
from harness.store.rows import Row
from harness.store.vocabulary import Purpose
from harness.trial.cell import Arm
from harness.trial.outcome import Outcome
from harness.trial.steps import run_trial
from infrastructure.errors import BenchError

MARGIN = 0.005  # so that a difference of 2 % is not called smaller than the margin
CAPACITY = 400.0  # tasks/s: of half of it every arm is certain on two cores
LOADS = {LATENCY: load_words((LATENCY, "load 0.5"))}  # the one of a scenario that is measured


@dataclass
class Player:
    """``cells``: arms by framework and version. ``task_us``: the CPU that a task costs the arm that
    is planted in, in a drain here, once it is known: what is planted is a share of it.
    """

    session: ValidateSession
    cells: Mapping[tuple[str, str], Arm]
    task_us: float = 0.0
    _paces: dict[tuple[str, ...], dict[Load, Pace]] = field(default_factory=dict)

    def play(self, piece: Piece) -> Row:
        """What came of it. Raises BenchError where its arms cannot take turns."""
        begin, kind = time.monotonic(), KINDS[piece.kind]
        comparison = self.prepared(kind, piece)
        if kind.blocks:
            found = self.compared(comparison, kind)
        else:
            with one_busy_core() if kind.loaded else nullcontext():
                found = self.block(comparison, piece)
        return {
            "piece": piece,
            "seconds": time.monotonic() - begin,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine_words(comparison.setups[0].machine),
            "commit": comparison.experiment.harness_commit,
            **found,
        }

    def prepared(self, kind: Kind, piece: Piece) -> Comparison:
        """A comparison of these arms that knows how they take turns, except of two alone: what
        finding that out takes is part of the time of a verdict.
        """
        arms, seed = [self.arm(word) for word in piece.arms], self.session.seed + piece.number
        blocks = kind.blocks or BLOCKS
        comparison = self.session.prepared(arms, QUICK, blocks, seed, kind.scenario)
        comparison.console = Console(quiet=True)
        comparison.names = list(string.ascii_uppercase[: len(arms)])
        comparison.turns, comparison.margin = True, MARGIN
        if only := LOADS.get(kind.scenario):
            comparison.only, comparison.capacity = [only], CAPACITY
        if not kind.within_s:
            comparison.paces = self.paces(comparison, piece.arms)
        return comparison

    def paces(self, comparison: Comparison, arms: tuple[str, ...]) -> dict[Load, Pace]:
        """Found out once for the same arms."""
        name = (*arms, *comparison.scenarios)
        if name not in self._paces:
            with TrialProgress(comparison.console, []) as progress:
                find_paces(comparison, progress)
            if not comparison.paces:
                raise BenchError(f"{' and '.join(arms)} cannot take turns here")
            self._paces[name] = comparison.paces
        return dict(self._paces[name])

    def compared(self, comparison: Comparison, kind: Kind) -> Row:
        """Verdicts by pair and metric: of each pair what its own comparison would say."""
        run(comparison)
        found = read_measured(comparison, Purpose.MEASURE)
        verdicts = {}
        for pair in ALONE if kind.within_s else (*EQUAL, *PLANTED):
            comparison.pairs = [pair]
            judged = judge_comparison(comparison, found)
            verdicts[f"{pair.baseline}-{pair.candidate}"] = {
                each.key.metric: said_of(each, found, pair) for each in judged
            }
        return {"verdicts": verdicts}

    def block(self, comparison: Comparison, piece: Piece) -> Row:
        """All arms in turns, then one after the other with the same backlogs."""
        [load], number = comparison.loads(), piece.number
        pace, arms = comparison.paces[load], list(range(len(piece.arms)))
        with TrialProgress(comparison.console, []) as progress:
            turns = duet_load(comparison, load, number, arms, Purpose.MEASURE, progress, pace)
        plans = plans_of(comparison, load, number, arms, Purpose.MEASURE, pace)
        order = [(arm + number) % len(arms) for arm in arms]
        alone = {arm: run_trial(comparison.setups[arm], plans[arm]) for arm in order}
        metrics = [key.metric for key in comparison.metrics()]
        return {
            "turns": [told(outcome, metrics) for outcome in turns],
            "sequence": [told(alone[arm], metrics) for arm in arms],
        }

    def arm(self, text: str) -> Arm:
        """Raises KeyError where its cell was not built."""
        word = Word.of(text)
        arm = self.cells[word.framework, word.version]
        if word.variant:
            arm = replace(arm, options={**arm.options, "variant": word.variant})
        return arm if word.percent is None else self.planted(arm, word.percent)

    def planted(self, arm: Arm, percent: int) -> Arm:
        """The arm with so much more computing per task, in a path as long as any other's."""
        folder = self.session.scratch.parent / f"planted-{percent:02}"
        executable = folder / arm.framework / "bin" / "python"
        if not executable.exists():
            rounds = round(percent / 100 * self.task_us / 1e6 / round_s(arm.executable))
            planted_cell(arm.executable, rounds, folder)
        return replace(arm, executable=str(executable))


def machine_words(machine: Mapping[str, str]) -> str:
    """As published results name it."""
    return f"{machine['cores']} cores ({machine['cpu_model']})"


def said_of(judged: Judged, found: Measured, pair: Pair) -> Row:
    """A verdict, and how much the log-ratios of its blocks scatter."""
    verdict, values = judged.verdict, found.paired(judged.key, pair)
    known = values.blocks > 1 and values.positive
    return {
        "kind": str(verdict.kind),
        "ratio": verdict.ratio,
        "low": verdict.low,
        "high": verdict.high,
        "blocks": verdict.n,
        "sd": float(np.std(values.d, ddof=1)) if known else None,
        "sentence": verdict.sentence,
    }


def told(outcome: Outcome, metrics: Sequence[str]) -> Row:
    """A trial's status and primary metrics."""
    figures = {name: outcome.metrics[name] for name in metrics if name in outcome.metrics}
    return {"status": str(outcome.status), "reason": outcome.reason, **figures}


@contextmanager
def one_busy_core() -> Iterator[None]:
    """A process that computes all the time, on whichever core it gets."""
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"], cwd=os.sep)
    try:
        yield
    finally:
        busy.kill()
        busy.wait()
