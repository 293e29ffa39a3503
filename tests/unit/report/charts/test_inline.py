"""A chart as a page has it: what belongs together is one group, and nothing is cut off."""

import re
from html import unescape
from itertools import pairwise

import pytest

from harness.report.charts.bars import Bar, Dot, bars
from harness.report.charts.inline import svg, tagged
from harness.report.charts.panel import WIDTH, Panel
from harness.report.charts.plot import EDGE, Box, Item, Line, Plot, Spot, Tag, Words
from harness.report.charts.room import wide


def panel_of(*items: Item) -> Panel:
    return Panel("title", 'the "words" & more', 200, lambda plot: plot.add(*items))


def test_neighbours_of_one_mark_become_one_group() -> None:
    one, other = Tag((1,), "a < b"), Tag((1, 2), which="some", row=3)
    items = [Item(tag=one), Item(tag=one), Item(), Item(tag=other), Item(tag=one)]
    assert "".join(tagged(items, lambda _: "x")) == (
        '<g data-every="1"><title>a &lt; b</title>xx</g>x'
        '<g data-some="1 2" data-row="3">x</g><g data-every="1"><title>a &lt; b</title>x</g>'
    )


def test_a_drawing_is_said_aloud_and_takes_its_colours_from_the_page() -> None:
    drawn = svg(panel_of(Spot(x=0.5, y=0.5, sign="o", colour="#0072b2")))
    said = re.search(r'aria-label="([^"]*)"', drawn)
    assert said is not None
    assert unescape(said[1]) == 'the "words" & more'
    assert "#0072b2" not in drawn
    assert "fill: var(--arm-1)" in drawn


def test_what_goes_to_the_edge_ends_there() -> None:
    drawn = svg(panel_of(Line(xs=[0.5, 0.5], ys=[-EDGE, EDGE], colour="red", dashed=True)))
    assert re.search(r'<path d="M[\d.]+ [\d.]+v-[\d.]+" style="[^"]*dasharray', drawn)
    boxed = svg(panel_of(Box(x=(0.2, 0.4), y=(-EDGE, EDGE), colour="red")))
    assert re.search(r'<path d="M[\d.]+ [\d.]+v-[\d.]+h[\d.]+v[\d.]+z"', boxed)


@pytest.mark.parametrize("label", ["short", "celery path@dbbef0247e+dirty"])
def test_a_text_at_the_end_of_a_line_has_room(label: str) -> None:
    drawn = svg(panel_of(Words(x=1, y=0.5, text=label, shift=(7, 0))))
    [x] = re.findall(rf'<text x="([\d.]+)"[^>]*>{re.escape(label)}<', drawn)
    assert float(x) + wide(label) <= WIDTH + 0.1


def test_every_item_of_another_kind_is_an_error() -> None:
    with pytest.raises(TypeError):
        svg(panel_of(Item()))


def test_rows_say_how_far_they_are_apart() -> None:
    medians = [Bar(arm, f"a{arm}", arm, "s", (arm,)) for arm in (1, 2, 3)]
    drawn = svg(bars("Bars", medians, [Dot(1, 1.0, (1,))], "s"))
    pitch = float(re.findall(r'data-pitch="([\d.]+)"', drawn)[0])
    places = [float(y) for y in re.findall(r'y="([\d.]+)"[^>]*>a\d<', drawn)]
    assert [after - one for one, after in pairwise(places)] == pytest.approx(
        [pitch, pitch], abs=0.2
    )
    assert re.findall(r'<g data-every="\d" data-row="(\d)">', drawn)[:3] == ["0", "1", "2"]


def test_an_empty_plot_has_axes() -> None:
    assert Plot().x.shown()
    assert svg(panel_of()).count("<text") > 4
