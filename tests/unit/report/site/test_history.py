"""Trends over a file's experiments: what is joined by a line, what is not, what is no trend."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.report.charts.panel import Panel
from harness.report.charts.plot import Line
from harness.report.site import history
from harness.report.site.folder import Site
from tests.made.html import Page
from tests.made.rows import Rows, filling

Fill = Callable[[Rows], None]


def measured(
    rows: Rows,
    name: str,
    day: int,
    *,
    machine: str = "6.1",
    rates: tuple[float, ...] = (100.0, 110.0, 130.0),
    size: str = "full",
    framework: str = "alpha",
    **changed: Any,
) -> None:
    """An experiment of one arm on a day, on a machine told by its kernel."""
    rows.experiment(name, day, size=size)
    for rate in rates:
        trial = rows.trial(name, framework, metrics={"drain_rate": rate}, **changed)
        rows.connection.execute(
            "UPDATE environment SET value = ? WHERE name = 'kernel' AND trial_id = ?",
            [machine, trial],
        )
        rows.environment(trial, {"calibration_cpu_ms": str(day)})


@pytest.fixture
def trends(database: Path) -> Callable[[Fill], list[history.Era]]:
    def make(fill: Fill) -> list[history.Era]:
        with filling(database) as rows:
            fill(rows)
        return history.eras(history.read(database))

    return make


def lines(panel: Panel) -> list[list[tuple[float, float]]]:
    """The lines that join experiments: (place, median)."""
    drawn = [item for item in panel.plot().items if isinstance(item, Line)]
    found = [list(zip(line.xs, line.ys, strict=True)) for line in drawn]
    return [points for points in found if len({x for x, _ in points}) > 1]


def test_experiments_of_an_arm_are_joined_in_order_of_time(
    trends: Callable[[Fill], list[history.Era]],
) -> None:
    def fill(rows: Rows) -> None:
        measured(rows, "second", 5, rates=(200.0,))
        measured(rows, "first", 2)

    [era] = trends(fill)
    [panel] = era.trends["throughput"]
    assert lines(panel) == [[(1, 110.0), (2, 200.0)]]
    assert "2026-03-02, experiment first: 110 tasks/s (3 trials)" in panel.words
    assert "2026-03-05, experiment second: 200 tasks/s (1 trial)" in panel.words
    [own] = era.own  # the machine itself: 2 ms, then 5 ms
    assert lines(own) == [[(1, 2.0), (2, 5.0)]]
    assert era.title == "Imaginary 9000, 6.1"


def test_all_axes_hold_every_experiment_of_the_machine(
    trends: Callable[[Fill], list[history.Era]],
) -> None:
    def fill(rows: Rows) -> None:
        measured(rows, "a", 1)
        measured(rows, "b", 2)
        measured(rows, "c", 3, scenario="latency")

    [era] = trends(fill)
    for panel in (*era.own, *era.trends["throughput"]):
        across = panel.plot().x
        assert (across.low, across.high) == (0.5, 3.5)


@pytest.mark.parametrize(
    "change",
    [
        {"workload_hash": "another"},
        {"broker_config_hash": "another"},
        {"broker_version": "10"},
        {"size": "quick"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_forbids_a_ratio_breaks_the_line(
    trends: Callable[[Fill], list[history.Era]], change: dict[str, Any]
) -> None:
    def fill(rows: Rows) -> None:
        measured(rows, "a", 1)
        measured(rows, "b", 2, **change)

    [era] = trends(fill)
    [panel] = era.trends["throughput"]
    assert lines(panel) == []
    assert "experiment a" in panel.words
    assert "experiment b" in panel.words


def test_another_machine_is_another_section(trends: Callable[[Fill], list[history.Era]]) -> None:
    def fill(rows: Rows) -> None:
        measured(rows, "a", 1, machine="6.1")
        measured(rows, "b", 2, machine="6.2")
        measured(rows, "c", 3, machine="6.1")

    found = trends(fill)
    assert [(era.title, bool(era.trends)) for era in found] == [
        ("Imaginary 9000, 6.1", True),
        ("Imaginary 9000, 6.2", False),
    ]
    assert lines(found[0].trends["throughput"][0]) == [[(1, 110.0), (2, 110.0)]]


def test_an_arm_measured_once_has_no_trend_but_a_new_version_has(
    trends: Callable[[Fill], list[history.Era]],
) -> None:
    def fill(rows: Rows) -> None:
        measured(rows, "a", 1, framework="alpha", framework_version="1.0")
        measured(rows, "b", 2, framework="beta")
        measured(rows, "c", 3, framework="alpha", framework_version="1.1", scenario="latency")
        measured(rows, "d", 4, framework="alpha", framework_version="1.1")

    [era] = trends(fill)
    assert list(era.trends) == ["throughput"]
    [panel] = era.trends["throughput"]
    assert len(panel.some) == 3  # beta stands beside it
    assert lines(panel) == []  # two versions are two arms


def test_trials_that_are_not_ok_make_no_point(trends: Callable[[Fill], list[history.Era]]) -> None:
    def fill(rows: Rows) -> None:
        measured(rows, "a", 1)
        measured(rows, "b", 2, status="invalid")

    [era] = trends(fill)
    assert era.trends == {}


def test_the_page_says_that_it_decides_nothing(database: Path, tmp_path: Path) -> None:
    with filling(database) as rows:
        measured(rows, "a", 1)
        measured(rows, "b", 2)
    assert history.write_history(database, Site(tmp_path, [], "results.duckdb")) == 1
    page = Page((tmp_path / history.HISTORY).read_text())
    assert not page.open
    assert max(page.ids.values()) == 1
    assert "A description, not a verdict" in page.text
    assert "2 experiments, 6 ok trials, 2026-03-01 to 2026-03-02" in page.text
    assert page.tags["svg"] == 1 + 2  # the shapes of all markers, and two drawings
