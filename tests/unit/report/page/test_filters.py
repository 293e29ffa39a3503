"""What a page can be narrowed to."""

from collections.abc import Callable

from harness.report.page.filters import facets
from harness.report.page.select import Selection
from tests.made.html import Page
from tests.made.rows import Rows


def test_there_is_no_bar_where_there_is_nothing_to_choose(
    undrawn_page: Callable[[Callable[[Rows], None]], Page],
) -> None:
    def fill(rows: Rows) -> None:
        rows.experiment("a")
        rows.trial("a", "alpha", metrics={"drain_rate": 5.0})

    assert 'class="filter"' not in undrawn_page(fill).source


def test_a_facet_that_divides_like_another_is_left_out(
    selected: Callable[[Callable[[Rows], None]], Selection],
) -> None:
    def fill(rows: Rows) -> None:
        rows.experiment("a")
        rows.trial("a", "alpha", python_version="3.12.1")
        rows.trial("a", "beta", python_version="3.12.1")
        rows.trial("a", "beta", python_version="3.13.0")

    assert [(f.name, list(f.choices)) for f in facets(selected(fill))] == [
        ("framework", ["alpha", "beta"]),
        ("python", ["3.12.1", "3.13.0"]),
    ]
