"""How drawings get small: nothing that shows is lost."""

import pytest

from harness.report.charts.inline import grouped, unclipped


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
