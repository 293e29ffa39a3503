"""Where a series of versions changes level: candidates, until a fresh experiment confirms them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from harness.experiment.comparison.comparison import Comparison, Key
from harness.experiment.comparison.measured import ByBlock, Measured
from harness.judge.change_points import change_points
from harness.judge.pairs import log_margin
from harness.measure.layouts import Array
from harness.scenario.catalogue import load_words
from infrastructure.counted import counted


@dataclass(frozen=True)
class ChangeCandidate:
    """A step of one metric among ``family``, with p over all of them; ``before``: the last arm of
    the old level, by number, ``after``: the first of the new one.
    """

    key: Key
    before: int
    after: int
    ratio: float
    p: float
    family: int

    def sentence(self, comparison: Comparison) -> str:
        before, after = comparison.name(self.before), comparison.name(self.after)
        return (
            f"Candidate change point, ±1 version: {load_words(self.key.load)}: {self.key.metric} "
            f"changes by a factor of {self.ratio:#.4g} between {before} and {after} "
            f"(p = {self.p:.2g} over {counted(self.family, 'metric')}); "
            "a fresh paired experiment confirms it: --confirm."
        )


def change_candidates(comparison: Comparison, found: Measured) -> list[ChangeCandidate]:
    """Change points of a version series, by metric: steps larger than the metric's margin, with p
    over all metrics.
    """
    if comparison.experiment.command != "regress":
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
) -> Iterator[ChangeCandidate]:
    logs = log_levels(by_block, len(comparison.names))
    if logs is None:
        return
    for step in steps_in(logs, log_margin(comparison.primary(key).margin), rng, family):
        yield ChangeCandidate(key, step.place, step.place + 1, math.exp(step.size), step.p, family)


class Step(NamedTuple):
    """A change of level: the place of the first one of the new level, new less old level on the log
    scale, and p.
    """

    place: int
    size: float
    p: float


def steps_in(logs: Array, margin: float, rng: np.random.Generator, family: int) -> Iterator[Step]:
    """The change points of logarithms, shape (blocks, versions), with steps beyond the margin."""
    found = change_points(logs, rng, family)
    edges = [0, *(change.index for change in found), logs.shape[1]]
    for place, change in enumerate(found, 1):
        old = logs[:, edges[place - 1] : change.index].mean()
        size = float(logs[:, change.index : edges[place + 1]].mean() - old)
        if abs(size) > margin:
            yield Step(change.index, size, change.p)


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
