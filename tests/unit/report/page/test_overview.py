"""The squares of the overview: medians, trials, and verdicts of the same and other experiments."""

from collections.abc import Callable

import pytest

from harness.report.page.overview import LEGEND, square, stripes
from harness.report.page.select import Selection
from harness.report.rows.trials import Median, State
from tests.made.databases import compared
from tests.made.rows import Rows

MEDIAN = Median("s", "", 1, 1, "alpha 1.0", None, "rate", "tasks/s", 5, 2.0, 1.0, 3.0)


@pytest.mark.parametrize(("gaps", "note"), [(1, ""), (0, "5 of 6 trials ok")])
def test_a_gap_is_no_trial_that_went_wrong(gaps: int, note: str) -> None:
    state = State("s", "", 1, 1, "alpha 1.0", None, 6, 5, 0, 0, gaps, None, None, "it cannot", None)
    assert square(MEDIAN, [state], None, None).note == note


def test_a_verdict_of_another_experiment_than_the_median_says_so(
    selected: Callable[[Callable[[Rows], None]], Selection],
) -> None:
    def fill(rows: Rows) -> None:
        compared(rows, "series-1")
        rows.experiment("later", day=2)
        rows.trial("later", "celery", framework_version="5.3", metrics={"drain_rate": 7.0})

    [stripe] = stripes(selected(fill))
    assert [square.note for square in stripe.squares] == [
        "",
        "no difference against celery 5.1",
        "better against celery 5.2, in experiment series-1",
    ]
    assert [square.sign for square in stripe.squares] == ["", "=", "▲"]


def test_every_sign_has_a_word() -> None:
    assert "△ better, size uncertain; ▽ worse, size uncertain; ? cannot tell; ! invalid" in LEGEND
