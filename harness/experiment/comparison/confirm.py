"""A fresh paired experiment for every step that a series found."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from harness.cli.console import console
from harness.cli.exits import Exit
from harness.experiment.cleanup import guarded
from harness.experiment.comparison.comparison import Comparison, Pair
from harness.experiment.comparison.conclude import FailOn, conclude
from harness.experiment.comparison.judging import judge_comparison
from harness.experiment.comparison.measured import read_measured
from harness.experiment.comparison.prepare import Asked, prepare
from harness.experiment.comparison.run import run
from harness.experiment.comparison.say import show_plan
from harness.judge.claims import DIFFERENT
from harness.store.vocabulary import Purpose


def confirm(comparison: Comparison, asked: Asked, out: Path, fail_on: FailOn) -> Exit:
    """Repeat every step found: the worst exit code of these counts."""
    codes = [Exit.FINE]
    for number, pair in enumerate(different_pairs(comparison), 1):
        before, after = comparison.name(pair.baseline), comparison.name(pair.candidate)
        console.print(f"confirming {before} → {after}")
        place = out / f"confirm-{number}"
        repeated = prepare(again(asked, pair, comparison.seed + number, place))
        show_plan(repeated)
        with guarded(repeated.database):
            run(repeated)
        codes.append(conclude(repeated, place, fail_on))
    return max(codes)


def different_pairs(comparison: Comparison) -> Sequence[Pair]:
    """The pairs of which some metric differs, in order."""
    judged = judge_comparison(comparison, read_measured(comparison, Purpose.MEASURE))
    return sorted({each.pair for each in judged if each.verdict.kind in DIFFERENT})


def again(asked: Asked, pair: Pair, seed: int, out: Path) -> Asked:
    """The same for two arms only."""
    return replace(
        asked,
        command="compare",
        arms=[asked.arms[arm - 1] for arm in pair],
        seed=seed,
        kept={**(asked.kept or {}), "out": out},
    )
