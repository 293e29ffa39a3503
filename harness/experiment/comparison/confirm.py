"""What is repeated of a series: every step that it found, by a comparison of its two arms."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from harness.experiment.comparison.comparison import Comparison, Pair
from harness.experiment.comparison.judging import judge_comparison
from harness.experiment.comparison.measured import read_measured
from harness.experiment.comparison.prepare import ComparisonRequest
from harness.judge.claims import DIFFERENT
from harness.store.vocabulary import Purpose


def different_pairs(comparison: Comparison) -> Sequence[Pair]:
    """The pairs of which some metric differs, in order."""
    judged = judge_comparison(comparison, read_measured(comparison, Purpose.MEASURE))
    return sorted({each.pair for each in judged if each.verdict.kind in DIFFERENT})


def again(asked: ComparisonRequest, pair: Pair, seed: int, out: Path) -> ComparisonRequest:
    """The same for two arms only."""
    return replace(
        asked,
        command="compare",
        arms=[asked.arms[arm - 1] for arm in pair],
        seed=seed,
        kept={**(asked.kept or {}), "out": out},
    )
