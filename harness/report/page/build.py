"""``report``: one self-contained page and PNG charts from what the database holds.

Select, lay out, draw, write. Every figure comes from a query in ``report/sql/page/``; the database
is read in one short visit and closed before anything is drawn.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from harness.report.files import write
from harness.report.page.apart import with_shared_at
from harness.report.page.caveats import caveats
from harness.report.page.draw import draw
from harness.report.page.layout import Layout, lay_out
from harness.report.page.parts import parted, script
from harness.report.page.pictures import draw_pictures
from harness.report.page.select import select
from harness.report.page.slides import draw_slides
from harness.report.page.write import Places, page
from harness.report.rows.arms import Totals


def build(
    database: Path,
    out: Path,
    say: Callable[[str], None],
    *,
    experiment: str | None = None,
    base: Path | None = None,
    pictures: bool = True,
    root: str = "",
) -> Totals:
    """Write the page and its charts into ``out``; returns the totals behind it. ``pictures``: also
    as files beside it.

    About one experiment, or about the latest of every arm and scenario. ``base`` is where the files
    of profiler passes are; beside the database, unless they were copied. ``root``: the way
    to the site that has what its reports share, if the report itself should not.
    """
    say(f"reading {database.name}")
    found, grown = select(database, experiment)
    layout = lay_out(found)
    drawn = draw(layout, say)
    out.mkdir(parents=True, exist_ok=True)
    if pictures:
        draw_beside(layout, out, say)
    places = Places(database, out.resolve(), base or database.resolve().parent, pictures)
    made = page(layout, drawn, grown, places)
    whole, parts = parted(with_shared_at(made, root) if root else made)
    write_parts(out / "data", parts)
    write(out / "index.html", whole)
    return found.totals[0]


def draw_beside(layout: Layout, out: Path, say: Callable[[str], None]) -> None:
    """The charts as files, and those for slides."""
    say("writing the charts as PNG and SVG")
    said = caveats(layout.found)
    draw_pictures(layout.pictures, out, *said)
    say("drawing a picture per scenario for slides")
    draw_slides(layout.slides, out / "slides", " ".join(said))


def write_parts(folder: Path, parts: Mapping[str, str]) -> None:
    """Each part a file; those of an earlier report are removed."""
    for old in folder.glob("*.js"):
        if old.stem not in parts:
            old.unlink()
    if parts:
        folder.mkdir(exist_ok=True)
    for name, part in parts.items():
        write(folder / f"{name}.js", script(name, part))
