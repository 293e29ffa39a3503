"""Where a series of versions changes level: candidates, until a fresh experiment confirms them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from harness.experiment.comparison.comparison import Comparison, Key
from harness.experiment.comparison.measured import ByBlock, Measured
from harness.judge.change_points import change_points
from harness.judge.pairs import log_margin
from harness.measure.layouts import Array
from harness.scenario.catalogue import load_words


@dataclass(frozen=True)
class Candidate:
    """A step of one metric among ``family``, with p over all of them; ``after``: the first arm of
    the new level, by number.
    """

    key: Key
    after: int
    ratio: float
    p: float
    family: int

    @property
    def before(self) -> int:
        return self.after - 1

    def sentence(self, comparison: Comparison) -> str:
        before, after = comparison.name(self.before), comparison.name(self.after)
        return (
            f"Candidate change point, ±1 version: {load_words(self.key.load)}: {self.key.metric} "
            f"changes by a factor of {self.ratio:#.4g} between {before} and {after} "
            f"(p = {self.p:.2g} over {self.family} metric{'s' if self.family > 1 else ''}); "
            "a fresh paired experiment confirms it: --confirm."
        )


def change_candidates(comparison: Comparison, found: Measured) -> list[Candidate]:
    """Change points of a version series, by metric: steps larger than the metric's margin, with p
    over all metrics.
    """
    if comparison.experiment["command"] != "regress":
        return []
    rng = np.random.default_rng(comparison.seed + 2)
    metrics = comparison.metrics()
    return [
        candidate
        for key in metrics
        if not found.complaints.get(key.load)
        for candidate in steps(comparison, key, found.of(key), rng, len(metrics))
    ]


def steps(
    comparison: Comparison, key: Key, by_block: ByBlock, rng: np.random.Generator, family: int
) -> Iterator[Candidate]:
    logs = log_levels(by_block, len(comparison.names))
    if logs is None:
        return
    found = change_points(logs, rng, family)
    edges = [0, *(change.index for change in found), len(comparison.names)]
    for place, change in enumerate(found, 1):
        old = logs[:, edges[place - 1] : change.index].mean()
        step = float(logs[:, change.index : edges[place + 1]].mean() - old)
        if abs(step) > log_margin(comparison.primary(key).margin):
            yield Candidate(key, change.index + 1, math.exp(step), change.p, family)


def log_levels(by_block: ByBlock, arms: int) -> Array | None:
    """Logarithms, shape (blocks, arms), of the blocks that have every arm; None without any, or
    where one is not > 0.
    """
    every = range(1, arms + 1)
    rows = [[found[a] for a in every] for found in by_block.values() if set(every) <= set(found)]
    if not rows or min(map(min, rows)) <= 0:
        return None
    logs: Array = np.log(np.array(rows))
    return logs
