"""What every page is made with: its template and its drawings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from harness import __version__
from harness.cli.numbers import in_words, number
from harness.report.charts.inline import svg
from harness.report.charts.palette import glyph, hue
from harness.report.charts.panel import Panel
from harness.report.charts.sharing import sharing
from harness.report.titles import capital, slug

TEMPLATES = Path(__file__).parent / "templates"
FILTERS: dict[str, Callable[..., str]] = {
    "number": number,
    "in_words": in_words,
    "glyph": glyph,
    "hue": hue,
    "capital": capital,
    "slug": slug,
}


@dataclass(frozen=True)
class Drawn:
    """A panel beside its drawing."""

    panel: Panel
    svg: Markup


def render(
    template: str, values: Mapping[str, Any], filters: Mapping[str, Callable[..., str]] = FILTERS
) -> str:
    """The page of ``templates/TEMPLATE.html.j2``; ``version`` and ``written`` are given to all."""
    values = {
        "version": __version__,
        "written": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        **values,
    }
    known = environment(tuple(filters.items()))
    return sharing(known.get_template(f"{template}.html.j2").render(values))


@cache
def environment(filters: tuple[tuple[str, Callable[..., str]], ...]) -> jinja2.Environment:
    """One for all pages with these filters: it keeps its templates, which take long to compile."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.filters.update(filters)
    return made


def svgs(panels: Sequence[Panel]) -> list[Drawn]:
    """Panels with their drawings."""
    return [Drawn(panel, Markup(svg(panel))) for panel in panels]  # noqa: S704  our SVG
