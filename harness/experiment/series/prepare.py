"""From what was asked to a series that can start, and to a fresh look at its steps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from harness.cli.arms import ArmRequest
from harness.cli.words import SERIES
from harness.experiment.arms import built_arm, describe_points
from harness.experiment.comparison.comparison import Pair
from harness.experiment.in_pieces import InPieces
from harness.experiment.row import new_experiment
from harness.experiment.series.pairs import InPairs
from harness.judge.planning import least_for
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import FULL, QUICK, Size
from harness.store.rows import ExperimentRow
from harness.trial.cell import Arm, Description, wanted
from harness.trial.plan import Setup

CONFIRMING = 10  # rounds of a fresh look, or more where its claims take more


class Tried(NamedTuple):
    """A release: its arm, tasks/s of a small backlog, or why it cannot be measured."""

    arm: ArmRequest
    rate: float
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class SeriesRequest(InPieces):
    """A series as the options have it. ``releases`` in order of versions; ``fixed``: the version
    that each is measured beside. ``blocks``: of each release.
    """

    releases: Sequence[Tried]
    fixed: str
    blocks: int
    scenarios: Sequence[str]

    @property
    def size(self) -> Size:
        return QUICK if self.quick else FULL

    @property
    def measured(self) -> list[Tried]:
        return [release for release in self.releases if not release.why]

    @property
    def left_out(self) -> list[Tried]:
        return [release for release in self.releases if release.why]


@dataclass
class Series(InPairs):
    """Arm 1 is the fixed release; the others are all releases in order, it among them.
    ``left_out``: those that cannot be measured, each with its gap.
    """

    left_out: Sequence[Setup] = ()


def prepare(asked: SeriesRequest) -> Series:
    """Describe every cell. Raises UsageError or BenchError."""
    [fixed] = [release for release in asked.measured if release.arm.version == asked.fixed]
    arms = [fixed, *asked.measured]
    names = [each.arm.label([]) for each in arms]
    names[0] += " (fixed)"
    kept = {**(asked.kept or {}), "seed": asked.seed, "blocks": asked.blocks}
    experiment = new_experiment(SERIES, asked.size.name, asked.seed, kept)
    experiment.factor = "version"
    setups = setups_of(asked, experiment, arms, names)
    return Series(
        **common(asked, experiment, setups, names),
        pairs=[Pair(1, number) for number in range(2, len(arms) + 1)],
        blocks=asked.blocks,
        tried=[each.rate for each in arms],
        left_out=list(left_out(asked, experiment, setups[0].arm, len(arms))),
    )


def common(
    asked: SeriesRequest, experiment: ExperimentRow, setups: Sequence[Setup], names: Sequence[str]
) -> dict[str, Any]:
    """The fields that a series and a fresh look at its steps share."""
    return {
        "setups": setups,
        "names": names,
        "scenarios": {name: load_scenario(name) for name in asked.scenarios},
        "size": asked.size,
        "max_time_s": asked.max_time_s,
        "experiment": experiment,
        "database": asked.database,
        "turns": True,
        "typed": asked.typed,
    }


def setups_of(
    asked: SeriesRequest, experiment: ExperimentRow, arms: Sequence[Tried], names: Sequence[str]
) -> list[Setup]:
    """The arms, each described by its cell."""
    scenarios = [load_scenario(name) for name in asked.scenarios]
    setups = []
    for number, (each, name) in enumerate(zip(arms, names, strict=True), 1):
        arm = built_arm(each.arm, asked.cells, asked.server, name)
        described = describe_points(arm, scenarios, asked.size)
        setups.append(asked.setup(experiment, arm, described, number))
    return setups


def left_out(
    asked: SeriesRequest, experiment: ExperimentRow, beside: Arm, taken: int
) -> Iterator[Setup]:
    """Arms without a cell that works. ``beside``: one that has; ``taken``: numbers of others."""
    for number, release in enumerate(asked.left_out, 1 + taken):
        arm = replace(beside, version=release.arm.version, executable="")
        gap = Description({}, {"python_version": release.arm.python}, gap=release.why)
        described = {wanted(name, {}): gap for name in asked.scenarios}
        yield asked.setup(experiment, arm, described, number)


def fresh(asked: SeriesRequest, series: Series, steps: Sequence[Pair]) -> InPairs:
    """New blocks of the neighbours only, by another seed. ``steps``: their arms in the series, by
    number.
    """
    taken = sorted({arm for step in steps for arm in step})
    place = {arm: number for number, arm in enumerate(taken, 1)}
    pairs = [Pair(*(place[arm] for arm in step)) for step in steps]
    names = [series.name(arm) for arm in taken]
    seed = asked.seed + 1
    kept = {**(asked.kept or {}), "seed": seed, "confirms": series.id, "steps": list(steps)}
    experiment = new_experiment(SERIES, asked.size.name, seed, kept)
    experiment.factor = "version"
    setups = [
        replace(series.setups[arm - 1], experiment=experiment, number=number)
        for arm, number in place.items()
    ]
    found = InPairs(
        **common(asked, experiment, setups, names),
        pairs=pairs,
        blocks=CONFIRMING,
        tried=[series.tried[arm - 1] for arm in taken],
        stops=True,
    )
    found.begun, found.capacity = series.begun, series.capacity
    found.blocks = max(CONFIRMING, least_for(found.claims))
    return found
