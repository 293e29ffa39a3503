"""How drawings get small: nothing that shows is lost, and no place moves."""

import re

import numpy as np
import pytest

from harness.report.charts import charts
from harness.report.charts.inline import grouped, lines, sharing, svg, unclipped


def ends(path: str) -> list[tuple[float, float]]:
    """The points of a path as a browser understands it."""
    found, here = [], [0.0, 0.0]
    for letter, places in re.findall(r"([Mhvlz])([^Mhvlz]*)", path):
        values = [float(v) for v in re.findall(r"-?[\d.]+", places)]
        straight = {"h": [(v, 0.0) for v in values], "v": [(0.0, v) for v in values]}
        steps = straight.get(letter) or list(zip(values[::2], values[1::2], strict=True))
        for across, down in steps:
            here = [across, down] if letter == "M" else [here[0] + across, here[1] + down]
            found.append((here[0], here[1]))
    return found


def test_a_path_of_steps_goes_where_the_path_of_places_went() -> None:
    rng = np.random.default_rng(1)
    places = np.column_stack([np.arange(2_000) * 0.04, rng.integers(0, 3, 2_000) - 0.26])
    drawn = "M" + "L".join(f"{x:.6f} {y:.6f} " for x, y in places)
    short = lines(drawn)
    assert np.abs(np.array(ends(short)) - places).max() <= 0.05 + 1e-9
    assert len(short) < len(drawn) / 3


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("M0 200L340 200L340 0L0 0z", "M0 200h340v-200h-340z"),
        ("M1.5 1L2 1.26 L3.1 0.5 ", "M1.5 1l.5 .3 1.1-.8"),
        ("M0 0L1 1zM5 5L6 5", "M0 0l1 1zM5 5h1"),
    ],
)
def test_the_shortest_command_is_taken(path: str, short: str) -> None:
    assert lines(path) == short


def test_groups_that_say_nothing_go_and_neighbours_of_one_mark_become_one() -> None:
    one = '<g data-every="1"><title>it</title>'
    drawn = f"<svg><g><g/>{one}<path/></g></g>{one}<use/></g><text>x</text>{one}<use/></g></svg>"
    assert "".join(grouped(drawn)) == (
        f"<svg>{one}<path/><use/></g><text>x</text>{one}<use/></g></svg>"
    )


@pytest.mark.parametrize(("end", "stays"), [("20 20", False), ("20 90", True)])
def test_a_clip_stays_where_it_cuts(end: str, stays: bool) -> None:
    box = '<clipPath id="p1"><rect x="10" y="10" width="50" height="50"/></clipPath>'
    drawn = f'<path d="M10 10L{end}" clip-path="url(#p1)" style=""/><defs>{box}</defs>'
    for text in (drawn, f'<g clip-path="url(#p1)"><use x="{end[:2]}" y="{end[3:]}"/></g>{drawn}'):
        assert (text.count("url(#p1)") == unclipped(text).count("url(#p1)")) is stays
        assert (box in unclipped(text)) is stays


def test_a_page_has_each_style_and_each_shape_once() -> None:
    rows = [{"arm": arm, "label": f"a{arm}", "median": arm, "unit": "s"} for arm in (1, 2, 7)]
    points = [{"arm": arm, "value": arm} for arm in (1, 1, 2, 7)]
    panel = charts.bars("Bars", rows, points, "s")
    drawn = svg(panel, "a") + svg(panel, "b")
    page = sharing(f"<style></style><body><table>\n<tr>\n<td>1</td></table>{drawn}")
    assert "<table><tr><td>1</td></table>" in page
    assert "style=" not in page
    shapes = re.findall(r'<path id="(m\d+)" d="([^"]*)"', page)
    assert len(shapes) == len(set(shapes)) == 2  # arm 7 has the marker of 2 and the colour of 1
    assert {f'href="#{name}"' for name, _ in shapes} == set(re.findall(r'href="[^"]*"', page))
    assert len(page) < 0.7 * len(drawn)
    classes = set(re.findall(r'class="(s\d+)"', page))
    assert {f"svg .{name}{{" for name in classes} == set(re.findall(r"svg \.s\d+{", page))
