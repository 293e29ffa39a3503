"""Distributions of lateness: what is drawn, and what is said of what was early."""

from collections.abc import Callable
from typing import Any

import pytest

from harness.report.page.sections import section
from harness.report.page.select import Selection
from tests.made.rows import Rows

Selected = Callable[[Callable[[Rows], None]], Selection]
RETRIED = "retry after 1 s, then 2 s"


def fill(rows: Rows) -> None:
    """1,000 delayed tasks are late by -2 … 997 ms; 40 others fail twice and are tried again."""
    rows.experiment("a")
    delayed = rows.trial("a", "alpha", scenario="scheduling", point="delay 1 s")
    rows.tasks(delayed, 1_000, 2_000_000, every_ms=20)
    rows.connection.execute(
        "UPDATE task_record SET start_ns = send_ns + 1000000000 + (seq - 2) * 1000000"
    )
    retried = rows.trial("a", "alpha", scenario="scheduling", point=RETRIED, point_number=2)
    for attempt, begins_ms, outcome in ((1, 0, "failed"), (2, 1_005, "failed"), (3, 3_011, "ok")):
        rows.connection.execute(
            "INSERT INTO task_record SELECT ?, i, ?, 'flaky', 0, 0, 0, ?, ?, 1, ? "
            "FROM range(40) r(i)",
            [retried, attempt, begins_ms * 10**6, (begins_ms + 1) * 10**6, outcome],
        )
    for number in (1, 5):
        void = rows.trial(
            "a",
            "beta",
            scenario="scheduling",
            point=f"delay {number} s",
            point_number=number,
            status="invalid",
            reason="early",
        )
        rows.tasks(void, 10, 999_000)


def test_lateness_is_drawn_and_what_was_early_is_said(selected: Selected) -> None:
    found = selected(fill)
    curve = {(row.point, row.slower): row.median for row in found.distribution}
    assert curve["delay 1 s", 0.5] == pytest.approx(497.5)
    assert curve[RETRIED, 0.5] == pytest.approx(4.5)  # 4 ms, then 5 ms
    last = dict(curve.keys())  # 10 beyond, of 1,000 and of 80
    assert last == {"delay 1 s": 0.01, RETRIED: 0.15}
    [figure] = [
        f for f in section(found, "scheduling").figures if f.title == "Lateness distribution"
    ]
    delayed, retried = (panel.note for panel in figure.panels)
    early = "Early: alpha 1.0 2 of 1,000 starts, by up to 2.00 ms; beta 1.0 10 of 10"
    assert delayed.startswith(early)
    assert "No valid trial, so no curve: beta 1.0." in delayed
    assert retried == "No start was early."
    without = "Delay 5 s has no valid trial with enough starts, so no curve. Early: beta"
    assert without in figure.caption


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (100.0, "Offered to all: 50.0 tasks/s."),
        (200.0, "Offered: alpha 1.0 50.0 tasks/s, beta 1.0 100 tasks/s."),
    ],
)
def test_a_load_that_all_have_is_said_once(selected: Selected, other: float, said: str) -> None:
    def fill_open(rows: Rows) -> None:
        for arm, capacity in (("alpha", 100.0), ("beta", other)):
            rows.experiment(arm)
            at: dict[str, Any] = {"scenario": "latency", "load_fraction": 0.5}
            trial = rows.trial(
                arm, arm, **at, capacity=capacity, point="load 0.5", metrics={"sojourn_p50": 2.0}
            )
            rows.tasks(trial, 1_500, 1_000)

    figures = section(selected(fill_open), "latency").figures
    [panel] = next(f for f in figures if f.title == "Latency distribution").panels
    assert panel.note == said
