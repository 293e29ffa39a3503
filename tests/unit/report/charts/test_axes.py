"""Labels beside charts."""

import pytest

from harness.report.charts.axes import two_lines
from harness.report.charts.bars import Bar, bars
from harness.report.charts.panel import WIDTH
from harness.report.charts.room import room

LOUD = "celery 5.7.0@solo worker_prefetch_multiplier=4 loglevel=INFO · tuned"


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("celery 5.7.0", "celery 5.7.0"),
        ("celery 5.7.0@threads · tuned", "celery 5.7.0@threads\ntuned"),
        ("celery 5.7.0.dev3+g1234567", "celery 5.7.0.dev3\n+g1234567"),
        (LOUD, "celery 5.7.0…loglevel=INFO\ntuned"),
        (LOUD.replace(" loglevel=INFO", ""), "celery 5.7.0…_multiplier=4\ntuned"),
    ],
)
def test_a_long_label_has_two_lines_that_fit(label: str, said: str) -> None:
    assert two_lines(label) == said


def test_the_longest_label_leaves_room_for_what_is_drawn() -> None:
    panel = bars("Drain rate", [Bar(1, LOUD, 1540.0, "tasks/s", [1])], [], "tasks/s")
    assert room(panel.plot(), panel.height).width > WIDTH / 4
