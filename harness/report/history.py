"""The history of a framework's releases: levels beside the fixed one, and the steps in between."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from harness.judge.history import LEAST_BLOCKS, Level, levels
from harness.report.rows.grouped import grouped
from harness.report.rows.history import BesideFixed, ConfirmedStep
from harness.report.rows.place import OfMetric


@dataclass(frozen=True)
class Released:
    """A release with its level."""

    version: str
    day: str
    level: Level
    page_arms: Sequence[int]
    of: BesideFixed  # its first block


@dataclass(frozen=True)
class History:
    """Of one metric at a load. ``steps``: by the version that began one."""

    of: OfMetric
    framework: str
    fixed: str
    releases: Sequence[Released]
    steps: dict[str, ConfirmedStep]


@dataclass(frozen=True)
class ReleaseLine:
    """A release in several metrics, None where one lacks it; ``steps``: those that it began."""

    version: str
    day: str
    releases: Sequence[Released | None]
    steps: Sequence[ConfirmedStep | None]


def lines(own: Sequence[History]) -> Iterator[ReleaseLine]:
    """Of the metrics of a load, a line a release."""
    by_version = [{release.version: release for release in each.releases} for each in own]
    every = {release.version: release for each in own for release in each.releases}
    for version, release in every.items():
        releases = [known.get(version) for known in by_version]
        yield ReleaseLine(version, release.day, releases, [each.steps.get(version) for each in own])


def histories(rows: Sequence[BesideFixed], steps: Sequence[ConfirmedStep]) -> list[History]:
    """One a metric, in order of the rows; of releases with two sound blocks or more."""
    found = []
    for own in grouped(rows, about):
        every = grouped(own, lambda row: row.place)
        kept = [blocks for blocks in every if len(blocks) >= LEAST_BLOCKS]
        if kept:
            found.append(history(kept, [step for step in steps if about(step) == about(own[0])]))
    return found


def about(row: OfMetric) -> tuple[str, ...]:
    return row.experiment_id, row.scenario, row.point, row.metric


def history(releases: Sequence[Sequence[BesideFixed]], steps: Sequence[ConfirmedStep]) -> History:
    logs = [np.log([row.ratio for row in blocks]) for blocks in releases]
    first = releases[0][0]
    return History(
        OfMetric(*about(first)),
        first.framework,
        first.fixed,
        [
            Released(blocks[0].version, blocks[0].day or "", level, blocks[0].page_arms, blocks[0])
            for blocks, level in zip(releases, levels(logs), strict=True)
        ],
        {step.candidate.removeprefix(f"{first.framework} "): step for step in steps},
    )
