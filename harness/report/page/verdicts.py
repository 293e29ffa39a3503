"""Lay out: verdicts with the frames that explain them, their blocks, and series of versions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.cli.numbers import in_words
from harness.report.charts.blocks import blocks
from harness.report.charts.history import over_releases
from harness.report.charts.panel import Panel
from harness.report.charts.versions import over_versions
from harness.report.flamegraph.rows import FunctionShare
from harness.report.flamegraph.sides import page_name
from harness.report.history import histories
from harness.report.page.select import SLOWER, Grown
from harness.report.rows.grouped import grouped
from harness.report.rows.history import BesideFixed, ConfirmedStep
from harness.report.rows.place import OfMetric
from harness.report.rows.verdicts import (
    BlockValue,
    ChangePoint,
    OfPair,
    PageVerdict,
    ProfiledVerdict,
    VersionValue,
)
from harness.scenario.catalogue import load_words

MOST_BLOCKS = 12  # verdicts drawn block by block


@dataclass(frozen=True)
class Frames:
    """The profiler passes that explain a verdict: their trials, the functions that grew most, and
    the page of their difference, if it lies beside the report.
    """

    base: str
    head: str
    grew: Sequence[FunctionShare]
    page: str | None


@dataclass(frozen=True)
class Explained:
    """A verdict, with frames where there are any."""

    verdict: PageVerdict
    frames: Frames | None


def explained(
    verdicts: Sequence[PageVerdict], passes: Sequence[ProfiledVerdict], grown: Grown, out: Path
) -> list[Explained]:
    """``out``: the folder of the report."""
    frames = {
        about(row): Frames(
            row.base, row.head, grown[row.base, row.head], page_there(row.base, row.head, out)
        )
        for row in passes
        if row.kind in SLOWER
    }
    return [Explained(verdict, frames.get(about(verdict))) for verdict in verdicts]


def about(row: OfPair) -> tuple[str, ...]:
    """What tells a verdict from others."""
    return (*series(row), row.baseline, row.candidate)


def page_there(base: str, head: str, out: Path) -> str | None:
    name = page_name(base, head)
    return name if (out / name).exists() else None


def block_panels(rows: Sequence[BlockValue]) -> list[Panel]:
    """One a shown verdict: does every block say the same?"""
    return [
        replace(blocks(titled(own[0]), own), experiment=own[0].experiment_id)
        for own in grouped(rows, about)
    ]


def version_panels(rows: Sequence[VersionValue], changes: Sequence[ChangePoint]) -> list[Panel]:
    """One a metric of a version series, with its candidate change points."""
    panels = []
    for own in grouped(rows, series):
        steps = [change for change in changes if series(change) == series(own[0])]
        panel = over_versions(titled(own[0]), own, steps)
        panels.append(replace(panel, experiment=own[0].experiment_id))
    return panels


def release_panels(rows: Sequence[BesideFixed], steps: Sequence[ConfirmedStep]) -> list[Panel]:
    """One a metric of a series of releases."""
    return [
        replace(
            over_releases(f"{found.framework}, {titled(found.of)}", found),
            experiment=found.of.experiment_id,
        )
        for found in histories(rows, steps)
    ]


def series(row: OfMetric) -> tuple[str, ...]:
    """What tells a version series from others."""
    return row.experiment_id, row.scenario, row.point, row.metric


def titled(row: OfMetric) -> str:
    return f"{load_words((row.scenario, row.point))}: {in_words(row.metric)}"
