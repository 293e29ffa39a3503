"""A panel as an inline SVG element of a page: lean, since a page has hundreds of them.

Colours become CSS variables and ink becomes currentColor, so that one drawing serves light and dark
pages. What a drawing says twice it says once, and what shows nothing is left out: a browser reads
every element before it shows the first. ``sharing`` does the same for a whole page.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from zlib import crc32

import matplotlib as mpl
from matplotlib.figure import Figure

from harness.report.charts.palette import COLOURS, INK, RULE
from harness.report.charts.panel import STYLE, WIDTH, Panel
from harness.report.charts.paths import shortened

NUMBER = re.compile(r"-?[\d.]+")


def svg(panel: Panel, name: str) -> str:
    """The panel as an inline SVG element; ``name`` keeps its ids apart from other panels'."""
    with mpl.rc_context({**STYLE, "svg.hashsalt": name}):
        figure = Figure(figsize=(WIDTH / 72, panel.height / 72), dpi=72, layout="constrained")
        axes = figure.add_subplot()
        panel.draw(axes)
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None})
        (_, top), (_, below) = axes.transData.transform([(0, 0), (0, -1)])
    return inline(drawn.getvalue(), panel, top - below)


def inline(drawn: str, panel: Panel, pitch: float) -> str:
    """The drawn file as an element of a page. ``pitch``: px from one row to the next, of a chart
    that has rows.
    """
    text = own_elements(drawn)
    text = unclipped(text)
    text = re.sub(r'<path [^>]*style="fill: none"/>', "", text)
    text = "".join(grouped(text))
    text = re.sub(r' (?:d|x|y|width|height|transform)="([^"]*)"', shortened, text)
    text = same_ids(styled(text))
    rows = f'data-pitch="{pitch:.2f}" ' if " data-row=" in text else ""
    opening = (
        f'<svg {rows}role="img" aria-label="{escape(panel.words)}" width="{WIDTH}" '
        f'height="{panel.height}" viewBox="0 0 {WIDTH} {panel.height}">'
    )
    return opening + text[text.index(">") + 1 :].strip()


def own_elements(drawn: str) -> str:
    """Without prologue, page-wide style and comments; whose a mark is, in our attributes."""
    text = drawn[drawn.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, count=1, flags=re.DOTALL)
    text = re.sub(r"<defs>\s*<style[^>]*>.*?</style>\s*</defs>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL)
    text = re.sub(r'<g id="(every|some) ([\d ]*)\|(-?\d+)\|([^"]*)">', marked, text)
    text = re.sub(r">\s+<", "><", text)  # a browser keeps every indent as a node: half of them all
    text = re.sub(r'<g id="[^"]*"', "<g", text)  # the same in every panel, and never referred to
    return text.replace("xlink:href", "href")


def styled(text: str) -> str:
    """In our variables, and without what the page says itself, for all of them."""
    text = re.sub(r"; (font-family: 'DejaVu Sans'|stroke-line(cap: square|join: miter))", "", text)
    text = text.replace(INK, "currentColor").replace(RULE, "var(--rule)")
    for index, value in enumerate(COLOURS, 1):
        text = text.replace(value, f"var(--arm-{index})")
    return text


def marked(found: re.Match[str]) -> str:
    """The group of an artist that ``panel.mark`` marked."""
    which, arms, row, words = found.groups()
    place = "" if row == "-1" else f' data-row="{row}"'
    return f'<g data-{which}="{arms}"{place}>' + (f"<title>{words}</title>" if words else "")


@dataclass(frozen=True)
class Box:
    """Where a clip cuts, in px."""

    left: float
    top: float
    width: float
    height: float

    def holds(self, places: Sequence[str]) -> bool:
        """Whether all of them lie in it: x and y in turn, to a px."""
        numbers = [float(place) for place in places]
        inside = zip(numbers[::2], numbers[1::2], strict=True)
        return all(
            self.left - 1 <= x <= self.left + self.width + 1
            and self.top - 1 <= y <= self.top + self.height + 1
            for x, y in inside
        )


def unclipped(text: str) -> str:
    """Without clips that cut nothing: almost all, since axes hold what is drawn in them."""
    found = re.search(
        r'<clipPath id="\w+"><rect x="(.*?)" y="(.*?)" width="(.*?)" height="(.*?)"/></clipPath>',
        text,
    )
    if found is None:
        return text
    box = Box(*map(float, found.groups()))
    text = re.sub(
        r'(<path d="([^"]*)") clip-path="[^"]*"',
        lambda path: path[1] if box.holds(NUMBER.findall(path[2])) else path[0],
        text,
    )
    text = re.sub(
        r'<g clip-path="[^"]*">((?:<use [^>]*/>)*)</g>',
        lambda uses: uses[1] if box.holds(re.findall(r' [xy]="([^"]*)"', uses[1])) else uses[0],
        text,
    )
    return text if "url(#" in text else text.replace(f"<defs>{found[0]}</defs>", "")


def grouped(text: str) -> Iterable[str]:
    """Its parts without groups that say nothing; neighbours of one mark become one group."""
    parts: list[str] = []
    openings: list[str] = []  # of the groups around; empty: left out
    closed = ""  # the opening of the group that ends here
    for tag, title in re.findall(r"(<[^>]+>[^<]*)(<title>.*?</title>)?", text):
        if tag == "<g/>":
            continue
        if tag == "</g>":
            opening = openings.pop()
            if opening:
                parts.append(tag)
                closed = opening
        elif tag.startswith("<g"):
            opening = "" if tag == "<g>" else tag + title
            openings.append(opening)
            if opening and opening == closed:
                parts.pop()  # its end
            elif opening:
                parts.append(opening)
            closed = "" if opening else closed
        else:
            parts.append(tag + title)
            closed = ""
    return parts


def same_ids(text: str) -> str:
    """A shape of markers has the same id in all drawings. What its definition says of its stroke,
    each use of it says too.
    """
    for old, path in re.findall(r'<defs><path id="(\w+)" d="([^"]*)"', text):
        new = f"m{crc32(path.encode())}"
        text = re.sub(f'(<path id="){old}(" d="[^"]*")[^>]*/>', rf"\g<1>{new}\g<2>/>", text)
        text = text.replace(f'"#{old}"', f'"#{new}"')
    return text
