"""Tables of many columns on terminals of any width."""

import pytest
from rich.console import Console

from harness.report.terminal.groups import Column, InGroups

ARMS = Column("arm", ["celery 5.7.0 · redis", "[bold]huey[/] 3.5.4 · redis"])
RATE = Column("drained, tasks/s", ["1,558", "[bold]8,488[/]"])
FLOOR = Column("× floor", ["0.079×", "0.429×"], "dim")
LATE = Column("done again after", ["not within 11 min", "–"])


def shown(width: int) -> list[str]:
    console = Console(width=width)
    with console.capture() as captured:
        console.print(InGroups(ARMS, [[RATE, FLOOR], [LATE]]))
    return [" ".join(line.split()) for line in captured.get().splitlines()]


def test_where_there_is_room_it_is_one_table() -> None:
    *_, celery, huey = shown(80)
    assert celery == "celery 5.7.0 · redis 1,558 0.079× not within 11 min"
    assert huey == "huey 3.5.4 · redis 8,488 0.429× –"


def test_where_there_is_none_columns_go_on_below_with_the_arms() -> None:
    lines = shown(50)
    assert "celery 5.7.0 · redis 1,558 0.079×" in lines
    assert "celery 5.7.0 · redis not within 11 min" in lines
    assert lines.count("") == 1


@pytest.mark.parametrize("width", [36, 40, 60])
def test_no_figure_is_cut_however_narrow(width: int) -> None:
    said = " ".join(shown(width))
    for figure in ("1,558", "0.429×"):
        assert figure in said


def test_a_heading_takes_lines_before_it_takes_room() -> None:
    assert Column("after a kill, done again", ["–"]).width == 8
    assert Column("throughput", ["–"]).width == 10
