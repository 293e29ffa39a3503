"""Where a series may change level: what a fresh comparison of the neighbours is to confirm.

Two rules look for steps. The largest cumulative deviation finds one that lasts; two neighbours that
differ by more than the scatter find one at the ends, where little lasts. Either may be wrong:
candidates are cheap, and the fresh comparison alone says what is a step.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from harness.experiment.comparison.comparison import Comparison, Key
from harness.experiment.comparison.series import ChangeCandidate, Step, steps_in
from harness.experiment.series.prepare import Series
from harness.judge.history import FALSE, LEAST_BLOCKS, Rows, neighbours
from harness.judge.pairs import log_margin
from harness.measure.layouts import Array
from harness.scenario.catalogue import load_words
from harness.store.database import open_database
from harness.store.queries import sql
from harness.store.vocabulary import Purpose

MOST = 6  # steps that are looked at again: each takes minutes


class StepCandidate(ChangeCandidate):
    """A step between two releases, found by either rule."""

    def sentence(self, comparison: Comparison) -> str:
        before, after = comparison.name(self.before), comparison.name(self.after)
        return (
            f"Candidate step: {load_words(self.key.load)}: {self.key.metric} changes by a factor "
            f"of {self.ratio:#.4g} between {before} and {after} (p = {self.p:.2g}); new blocks of "
            "the two have to confirm it."
        )


def candidates(series: Series) -> list[StepCandidate]:
    """All of them by arm, the steps of at most ``MOST`` pairs: the largest, by their margins."""
    found = beside_fixed(series)
    rng = np.random.default_rng(series.seed + 2)
    every = [
        candidate
        for key in series.metrics()
        for candidate in of_metric(series, key, found.get(key, {}), rng)
    ]
    kept = sorted({each.after for each in largest_first(series, every)[:MOST]})
    return sorted((each for each in every if each.after in kept), key=lambda each: each.after)


def beside_fixed(series: Series) -> dict[Key, dict[int, Array]]:
    """Log-ratios, release over fixed one, by metric and arm, of blocks with both arms sound."""
    asked = {"experiment": series.id, "purpose": Purpose.MEASURE}
    with open_database(series.database, read_only=True) as connection:
        values = connection.execute(sql("paired"), asked).fetchall()
        complaints = connection.execute(sql("complaints"), asked).fetchall()
    void = {(block, scenario, point) for block, _, scenario, point, *_ in complaints}
    fixed = {
        (block, Key(scenario, point, metric)): value
        for block, arm, scenario, point, metric, value in values
        if arm == 1
    }
    found: dict[Key, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for block, arm, *names, value in values:
        key = Key(*names)
        beside = fixed.get((block, key), 0.0)
        if arm > 1 and value > 0 and beside > 0 and (block, *key.load) not in void:
            found[key][arm].append(math.log(value / beside))
    return {key: {arm: np.array(d) for arm, d in by_arm.items()} for key, by_arm in found.items()}


def largest_first(series: Series, every: Sequence[StepCandidate]) -> list[StepCandidate]:
    """One a pair, the largest by its metric's margin."""

    def size(one: StepCandidate) -> float:
        return abs(math.log(one.ratio)) / log_margin(series.primary(one.key).margin)

    once = {each.after: each for each in sorted(every, key=size)}
    return sorted(once.values(), key=size, reverse=True)


def of_metric(
    series: Series, key: Key, by_arm: dict[int, Array], rng: np.random.Generator
) -> Iterator[StepCandidate]:
    """By both rules; steps within the metric's margin are none."""
    arms = [arm for arm, row in by_arm.items() if len(row) >= LEAST_BLOCKS]
    rows = [by_arm[arm] for arm in arms]
    if len(arms) < 2:
        return
    margin, family = log_margin(series.primary(key).margin), len(series.metrics())
    lasting = {step.place: step for step in steps_in(level_rows(rows), margin, rng, family)}
    sudden = {
        each.index: Step(each.index, each.step, each.p)
        for each in neighbours(rows)
        if each.p <= FALSE and abs(each.step) > margin
    }
    for place, step in sorted({**sudden, **lasting}.items()):
        before, after = arms[place - 1], arms[place]
        yield StepCandidate(key, before, after, math.exp(step.size), step.p, family)


def level_rows(rows: Rows) -> Array:
    """Shape (blocks, releases): as many blocks of each as the one with the fewest has."""
    fewest = min(len(row) for row in rows)
    found: Array = np.array([row[:fewest] for row in rows]).T
    return found
