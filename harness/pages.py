"""What every page is made with: its template, its drawings, a file that is whole or not there."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from harness import __version__, charts
from harness.charts import Panel
from harness.inline import sharing, svg

TEMPLATES = Path(__file__).parent / "templates"
FILTERS: dict[str, Callable[..., str]] = {"number": charts.number, "glyph": charts.glyph}


def render(
    template: str, values: Mapping[str, Any], filters: Mapping[str, Callable[..., str]] = FILTERS
) -> str:
    """The page of ``templates/TEMPLATE.html.j2``; ``version`` and ``written`` are given to all."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= filters
    page = environment.get_template(f"{template}.html.j2").render(
        {"version": __version__, "written": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", **values}
    )
    return sharing(page)


def svgs(panels: Sequence[Panel], name: str) -> list[tuple[Panel, Markup]]:
    """Panels beside their drawings; ``name`` keeps the ids of a page's drawings apart."""
    return [
        (panel, Markup(svg(panel, f"{name}-{index}")))  # noqa: S704  our SVG
        for index, panel in enumerate(panels)
    ]


def write(path: Path, text: str) -> Path:
    """Whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    return partial.replace(path)
