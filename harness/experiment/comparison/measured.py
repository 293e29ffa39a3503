"""What a comparison is judged on, as the database has it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from harness.experiment.comparison.comparison import Comparison, Key, Pair
from harness.judge.pairs import ONE, Strata, log_ratios
from harness.measure.layouts import Array
from harness.measure.validity import UNSTEADY, steady_over_trials
from harness.scenario.catalogue import Load
from harness.store.database import open_database
from harness.store.queries import sql
from harness.store.vocabulary import Purpose

DRIFT = "drift"  # the metric that says how far a trial's halves are apart

ByBlock = Mapping[int, Mapping[int, float]]  # values by block and arm
NO_STRATA: Mapping[int, str] = {}


class Paired(NamedTuple):
    """Values of two arms in the blocks that have both."""

    baseline: list[float]
    candidate: list[float]
    strata: Strata = ONE

    @property
    def blocks(self) -> int:
        return len(self.baseline)

    @property
    def positive(self) -> bool:
        """Whether a ratio can be taken in every block."""
        return all(value > 0 for value in (*self.baseline, *self.candidate))

    @property
    def d(self) -> Array:
        """The log-ratio of each block. Raises ValueError where one is not > 0."""
        return log_ratios(self.baseline, self.candidate)


class Complaint(NamedTuple):
    """What voids an arm's figures at a load, in words."""

    arm: int
    sentence: str


@dataclass
class Measured:
    """Values by metric and load, what is wrong with them by load, and the blocks they are of.

    ``strata``: the kind of machine of each block, where unlike ones took part.
    """

    values: dict[Key, dict[int, dict[int, float]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )
    complaints: dict[Load, list[Complaint]] = field(default_factory=lambda: defaultdict(list))
    blocks: set[int] = field(default_factory=set)
    strata: dict[int, str] = field(default_factory=dict)

    def of(self, key: Key) -> ByBlock:
        return self.values.get(key, {})

    def paired(self, key: Key, pair: Pair) -> Paired:
        return paired(self.of(key), pair, self.strata)

    def about(self, load: Load, pair: Pair) -> list[str]:
        """What is wrong with either arm."""
        return [text for arm, text in self.complaints.get(load, ()) if arm in pair]

    def sentences(self) -> Iterator[str]:
        """Everything that is wrong."""
        for found in self.complaints.values():
            yield from (complaint.sentence for complaint in found)


def read_measured(comparison: Comparison, purpose: Purpose) -> Measured:
    """Values of all trials of this purpose, and complaints about those that are not ok: not about
    what was left out, whose rows have a number beyond those of the arms.
    """
    found, arms = Measured(), len(comparison.names)
    asked = {"experiment": comparison.id, "purpose": purpose}
    with open_database(comparison.database, read_only=True) as connection:
        values = connection.execute(sql("paired"), asked).fetchall()
        complaints = connection.execute(sql("complaints"), asked).fetchall()
    found.strata = strata_of(comparison, purpose)
    found.blocks = {row[0] for row in (*values, *complaints)}
    for block, arm, scenario, point, metric, value in values:
        found.values[Key(scenario, point, metric)][block][arm] = value
    for block, arm, scenario, point, status, reason in complaints:
        if arm <= arms and (kept := "; ".join(each_but_unsteady(reason))):
            sentence = f"{comparison.name(arm)}, block {block} {status}: {kept}"
            found.complaints[scenario, point].append(Complaint(arm, sentence))
    for key in [key for key in found.values if key.metric == DRIFT]:
        found.complaints[key.load] += unsteady(found.of(key), comparison.names)
    return found


def answering(comparison: Comparison) -> str:
    """The experiment, of which a command shows the answer; empty where it has no measuring trial,
    as where there was no time for one.
    """
    return comparison.id if read_measured(comparison, Purpose.MEASURE).blocks else ""


def strata_of(comparison: Comparison, purpose: Purpose) -> dict[int, str]:
    """The kind of machine of each block that is stored, where unlike ones may take part."""
    asked = {"experiment": comparison.id, "purpose": purpose}
    with open_database(comparison.database, read_only=True) as connection:
        return dict(connection.execute(sql("strata"), asked).fetchall())


def each_but_unsteady(reason: str) -> list[str]:
    """The reasons that void a trial on its own, whatever the other trials did."""
    return [part for part in reason.split("; ") if not part.startswith(UNSTEADY)]


def unsteady(by_block: ByBlock, names: Sequence[str]) -> Iterator[Complaint]:
    """Arms whose trials all drift the same way."""
    for arm, name in enumerate(names, 1):
        drifts = np.array([values[arm] for values in by_block.values() if arm in values])
        if found := steady_over_trials(drifts):
            yield Complaint(arm, f"{name}: {found}")


def paired(by_block: ByBlock, pair: Pair, strata: Mapping[int, str] = NO_STRATA) -> Paired:
    """Values of the two arms in the blocks that have both."""
    blocks = [block for block in sorted(by_block) if set(pair) <= set(by_block[block])]
    both = [by_block[block] for block in blocks]
    return Paired(
        [values[pair.baseline] for values in both],
        [values[pair.candidate] for values in both],
        [strata[block] for block in blocks] if strata else ONE,
    )
