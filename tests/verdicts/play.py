"""A piece carried out: a comparison as ``compare`` makes it, a block in turns and in sequence."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from rich.console import Console

from harness.cli.matrix import read_matrix
from harness.cli.progress import TrialProgress
from harness.experiment.comparison.comparison import Comparison
from harness.experiment.comparison.duet import duet_load, plans_of
from harness.experiment.comparison.pace import find_paces
from harness.experiment.comparison.prepare import BLOCKS as USUAL
from harness.prove.validate.session import COMPARED, Session, Sizes
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import FULL, QUICK
from harness.store.vocabulary import Purpose
from harness.trial.cell import Arm
from harness.trial.outcome import Outcome
from harness.trial.steps import run_trial
from infrastructure.brokers import BrokerChoice
from tests.conftest import cell_of, newest_arm
from tests.made.planting import planted_cell, round_s
from tests.verdicts.plan import BLOCKS, COMPARISONS, EQUAL, KINDS, LOADED, TWO, Piece

METRICS = load_scenario(COMPARED).primary_names
LAST_S = {"full": 27.0, "quick": 16.0}  # that the last block may take
REDIS = BrokerChoice("redis", "embedded")
SEED = 18_000

Row = dict[str, Any]


@dataclass
class Player:
    """``folder``: for its database, and for cells with something planted. ``cpu_us``: what a task
    costs Celery's workers here, in turns: what shares are planted of.
    """

    folder: Path
    cpu_us: float = 0.0
    _prepared: dict[tuple[str, str], Comparison] = field(default_factory=dict)

    @cached_property
    def session(self) -> Session:
        return Session(self.folder / "results.duckdb", [], "1.0", Sizes(), SEED)

    def play(self, piece: Piece) -> Row:
        """What came of it."""
        begin = time.monotonic()
        if piece.kind in COMPARISONS:
            found = self.compare(piece)
        else:
            with one_busy_core() if piece.kind == LOADED else nullcontext():
                found = self.block(piece)
        return {"piece": piece, "seconds": time.monotonic() - begin, **found}

    def compare(self, piece: Piece) -> Row:
        """Verdicts by metric."""
        kind, arms = KINDS[piece.kind], [arm_of(word) for word in piece.arms]
        if kind.share:
            arms[1] = self.planted(arms[1], kind.share)
        size = FULL if piece.kind == TWO else QUICK
        blocks, seed = BLOCKS if piece.kind == EQUAL else USUAL, SEED + 100 * piece.number
        limit_s = None if piece.kind == EQUAL else kind.within_s - LAST_S[size.name]
        quiet = Console(quiet=True)
        verdicts = self.session.comparison(
            arms, size, blocks, seed, quiet, turns=True, max_time_s=limit_s
        )
        shown = {
            name: {"kind": v.kind, "ratio": v.ratio, "low": v.low, "high": v.high, "blocks": v.n}
            for name, v in zip(METRICS, verdicts, strict=False)
        }
        return {"verdicts": shown, "said": [v.sentence for v in verdicts]}

    def planted(self, arm: Arm, share: float) -> Arm:
        """The arm with so much more computing per task."""
        folder = self.folder / f"planted-{share:g}"
        executable = folder / "celery" / "bin" / "python"
        if not executable.exists():
            rounds = round(share * self.cpu_us / 1e6 / round_s(arm.executable))
            planted_cell(arm.executable, rounds, folder)
        return replace(arm, executable=str(executable))

    def block(self, piece: Piece) -> Row:
        """Both arms in turns, then one after the other with the same backlogs."""
        comparison = self._prepared.get(piece.arms) or self.prepare(piece.arms)
        load, number = comparison.loads()[0], piece.number
        pace = comparison.paces[load]
        with TrialProgress(comparison.console, []) as progress:
            turns = duet_load(comparison, load, number, [0, 1], Purpose.MEASURE, progress, pace)
        plans = plans_of(comparison, load, number, [0, 1], Purpose.MEASURE, pace)
        alone: dict[int, Outcome] = {}
        for arm in (0, 1) if number % 2 else (1, 0):
            alone[arm] = run_trial(comparison.setups[arm], plans[arm])
        return {"turns": [told(o) for o in turns], "sequence": [told(alone[n]) for n in (0, 1)]}

    def prepare(self, arms: tuple[str, str]) -> Comparison:
        """How these take turns is found out once. Raises SystemExit where they cannot."""
        own = [arm_of(word) for word in arms]
        comparison = self.session.prepared(own, QUICK, BLOCKS, SEED, Console(quiet=True))
        comparison.turns = True
        with TrialProgress(comparison.console, []) as progress:
            find_paces(comparison, progress)
        if not comparison.paces:
            raise SystemExit(f"{' and '.join(arms)} cannot take turns")
        self._prepared[arms] = comparison
        return comparison


def told(outcome: Outcome) -> Row:
    """A trial's status and primary metrics."""
    figures = {name: outcome.metrics[name] for name in METRICS if name in outcome.metrics}
    return {"status": str(outcome.status), "reason": outcome.reason, **figures}


def arm_of(word: str) -> Arm:
    """By the word of a command line: ``celery@threads``, ``asynctasq==1.4.1``. Raises SystemExit
    where its cell is not built.
    """
    name, _, variant = word.partition("@")
    framework, _, version = name.partition("==")
    arm = newest_arm(read_matrix(), framework, REDIS, **({"variant": variant} if variant else {}))
    if version:
        python = f"{sys.version_info[0]}-{sys.version_info[1]}"
        cell = f"bench-{python}-{framework}-{version.replace('.', '-')}"
        executable = cell_of(framework).parents[2] / cell / "bin" / "python"
        arm = replace(arm, version=version, executable=str(executable))
    if not Path(arm.executable).exists():
        raise SystemExit(f"{arm.executable} is missing: nox -s cells -- {framework}")
    return arm


@contextmanager
def one_busy_core() -> Iterator[None]:
    """A process that computes all the time, on whichever core it gets."""
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"], cwd=os.sep)
    try:
        yield
    finally:
        busy.kill()
        busy.wait()
