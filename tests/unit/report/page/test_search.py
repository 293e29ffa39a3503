"""A search for the rate that holds an objective: its bracket, in words."""

from collections.abc import Callable

from harness.report.page.sections import section
from harness.report.page.select import Selection
from tests.made.rows import Rows

Selected = Callable[[Callable[[Rows], None]], Selection]


def fill(rows: Rows) -> None:
    """Two of three votes decide a rate; one above a failing rate that holds by luck does not."""
    rows.experiment("searched")
    of = {"scenario": "latency", "capacity": 400.0}
    rows.trial(
        "searched",
        "celery",
        **of,
        point="load 0.3",
        load_fraction=0.3,
        metrics={"offered_rate": 120.0, "sojourn_p99": 2.0},
    )
    votes = {100.0: [1, 1], 200.0: [1, 0, 1], 210.0: [0, 1, 0], 300.0: [1, 1]}
    for rate, answers in votes.items():
        for passed in answers:
            metrics = {
                "offered_rate": rate,
                "sojourn_p99": 10.0 if passed else 400.0,
                "slo": 200.0,
                "slo_passed": float(passed),
            }
            at = {"purpose": "search", "load_fraction": rate / 400}
            rows.trial("searched", "celery", **of, **at, metrics=metrics)


def fall_behind(rows: Rows) -> None:
    rows.connection.execute(
        "UPDATE trial SET status = 'invalid', reason = 'generator lag: p99 9 ms' "
        "WHERE load_fraction = 210 / 400 AND purpose = 'search'"
    )


def test_a_search_is_drawn_with_its_bracket(selected: Selected) -> None:
    def said(found: Selection) -> str:
        figures = section(found, "latency").figures
        [figure] = [f for f in figures if f.title == "The rate that holds an objective"]
        return figure.panels[0].note

    held = "p99 ≤ 200 ms is held up to between 200 and 210 tasks/s."
    assert said(selected(fill)) == held
    assert "210 tasks/s, where the load generator fell behind" in said(selected(fall_behind))
