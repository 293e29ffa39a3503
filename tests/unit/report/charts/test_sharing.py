"""What a page's drawings have alike stands once."""

import re

from harness.report.charts.bars import Bar, Dot, bars
from harness.report.charts.inline import svg
from harness.report.charts.sharing import sharing


def test_a_page_has_each_style_and_each_shape_once() -> None:
    medians = [Bar(arm, f"a{arm}", arm, "s", (arm,)) for arm in (1, 2, 31)]
    dots = [Dot(arm, arm, (arm,)) for arm in (1, 1, 2, 31)]
    panel = bars("Bars", medians, dots, "s")
    drawn = svg(panel) + svg(panel)
    page = sharing(f"<style></style><body><table>\n<tr>\n<td>1</td></table>{drawn}")
    assert "<table><tr><td>1</td></table>" in page
    assert "style=" not in page
    shapes = re.findall(r'<path id="(m\d+)" d="([^"]*)"', page)
    assert len(shapes) == len(set(shapes)) == 2  # arm 31 has the marker of 2 and the colour of 1
    assert {f'href="#{name}"' for name, _ in shapes} == set(re.findall(r'href="[^"]*"', page))
    assert len(page) < 0.7 * len(drawn)
    classes = set(re.findall(r'class="(s\d+)"', page))
    assert {f"svg .{name}{{" for name in classes} == set(re.findall(r"svg \.s\d+{", page))
