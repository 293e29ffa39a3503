"""A panel as an inline SVG element of a page: lean, since a page has hundreds of them.

Colours are CSS variables and ink is currentColor, so that one drawing serves light and dark pages.
``sharing`` writes once what drawings have alike.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import singledispatch
from html import escape
from itertools import groupby
from zlib import crc32

from harness.report.charts.palette import COLOURS, INK, RULE
from harness.report.charts.panel import TEXT, WIDTH, Panel
from harness.report.charts.paths import path, plain
from harness.report.charts.plot import Band, Box, Item, Line, Plot, Spot, Tag, Words
from harness.report.charts.room import LINE, Room, room
from harness.report.charts.signs import STROKED, outline

ANCHOR = {"start": "", "middle": "text-anchor: middle", "end": "text-anchor: end"}
VARIABLES = {INK: "currentColor", RULE: "var(--rule)"} | {
    colour: f"var(--arm-{number})" for number, colour in enumerate(COLOURS, 1)
}


@dataclass(frozen=True)
class Frame:
    """A plot at its place in the element: from the units of its axes to px."""

    plot: Plot
    room: Room

    def x(self, value: float) -> float:
        return self.room.left + self.plot.x.share(value) * self.room.width

    def y(self, value: float) -> float:
        return self.room.bottom - self.plot.y.share(value) * self.room.height

    def places(self, xs: Iterable[float], ys: Iterable[float]) -> list[tuple[float, float]]:
        return [(self.x(x), self.y(y)) for x, y in zip(xs, ys, strict=True)]


def svg(panel: Panel) -> str:
    """The panel as an inline SVG element."""
    plot = panel.plot()
    frame = Frame(plot, room(plot, panel.height))
    drawn = [*backdrop(frame), *tagged(plot.items, lambda item: shown(item, frame))]
    rows = any(item.tag.row >= 0 for item in plot.items)
    pitch = f'data-pitch="{abs(frame.y(1) - frame.y(0)):.2f}" ' if rows else ""
    return (
        f'<svg {pitch}role="img" aria-label="{escape(panel.words)}" width="{WIDTH}" '
        f'height="{panel.height}" viewBox="0 0 {WIDTH} {panel.height}">{"".join(drawn)}</svg>'
    )


def tagged(items: Iterable[Item], drawn: Callable[[Item], str]) -> Iterator[str]:
    """Neighbours of one mark become one group."""
    for tag, own in groupby(items, lambda item: item.tag):
        yield group(tag, "".join(map(drawn, own)))


def group(tag: Tag, drawn: str) -> str:
    if not tag.arms:
        return drawn
    row = "" if tag.row < 0 else f' data-row="{tag.row:.0f}"'
    title = f"<title>{escape(tag.words, quote=False)}</title>" if tag.words else ""
    return f'<g data-{tag.which}="{" ".join(map(str, tag.arms))}"{row}>{title}{drawn}</g>'


def backdrop(frame: Frame) -> Iterator[str]:
    """Grid, edges, ticks and the names of the axes."""
    plot, place = frame.plot, frame.room
    style = stroke(RULE, 0.8)
    across = [frame.x(tick.at) for tick in plot.x.shown()] if plot.x.grid else []
    upward = [frame.y(tick.at) for tick in plot.y.shown()] if plot.y.grid else []
    lines = [[(x, place.top), (x, place.bottom)] for x in across]
    lines += [[(place.left, y), (place.right, y)] for y in upward]
    lines.append([(place.left, place.bottom), (place.right, place.bottom)])
    lines += [[(place.left, place.top), (place.left, place.bottom)]] * plot.upright
    yield f'<path d="{"".join(map(path, lines))}" style="{style}"/>'
    for tick in plot.x.shown():
        words = text(frame.x(tick.at), place.bottom + 5 + TEXT, tick.text, "middle")
        yield group(Tag(tick.arms, row=tick.row), words)
    for tick in plot.y.shown():
        words = text(place.left - 5, frame.y(tick.at), tick.text, "end", up="middle")
        yield group(Tag(tick.arms, row=tick.row), words)
    if plot.x.label:
        below = place.bottom + 5 + TEXT + LINE
        yield text((place.left + place.right) / 2, below, plot.x.label, "middle")
    if plot.y.label:
        x, y = TEXT, (place.top + place.bottom) / 2
        turned = f' transform="translate({plain(x)} {plain(y)}) rotate(-90)"'
        said = escape(plot.y.label, quote=False)
        yield f'<text{turned} style="{letters("middle")}">{said}</text>'


@singledispatch
def shown(item: Item, _frame: Frame) -> str:
    """An item as SVG."""
    raise TypeError(item)


@shown.register
def _(item: Line, frame: Frame) -> str:
    through = frame.places(item.xs, item.ys)
    dashes = "; stroke-dasharray: 5.6 2.8" if item.dashed else ""
    style = stroke(item.colour, item.width) + dashes
    line = f'<path d="{path(through)}" style="{style}"/>' if len(through) > 1 else ""
    signs = through[:: item.every] if item.sign else []
    return line + "".join(use(item.sign, item.size, filled(item.colour), *at) for at in signs)


@shown.register
def _(item: Spot, frame: Frame) -> str:
    height = frame.room.bottom - item.y * frame.room.height
    at = frame.x(item.x), height if item.of_height else frame.y(item.y)
    style = filled(item.colour)
    if item.hollow:
        style = f"fill: none; {stroke(item.colour, 1)}"
    if item.sign in STROKED:
        style = stroke(item.colour, 1.6)
    if item.unseen or item.alpha < 1:
        style += f"; opacity: {0 if item.unseen else item.alpha:g}"
    return use(item.sign, item.size, style, *at)


@shown.register
def _(item: Box, frame: Frame) -> str:
    (left, right), (below, above) = map(frame.x, item.x), map(frame.y, item.y)
    corners = [(left, below), (left, above), (right, above), (right, below)]
    fill = f"fill: {shade(item.colour)}; opacity: {item.alpha:.3g}"
    style = f"fill: none; {stroke(item.colour, 1.6)}" if item.frame else fill
    return f'<path d="{path(corners)}z" style="{style}"/>'


@shown.register
def _(item: Band, frame: Frame) -> str:
    there = frame.places(item.xs, item.highs)
    back = frame.places(item.xs, item.lows)[::-1]
    return f'<path d="{path(there + back)}z" style="fill: {shade(item.colour)}; opacity: .2"/>'


@shown.register
def _(item: Words, frame: Frame) -> str:
    right, up = item.shift
    at = frame.x(item.x) + right, frame.y(item.y) - up
    return text(*at, item.text, item.across, up=item.up, bold=item.bold)


def text(
    x: float, y: float, words: str, across: str, *, up: str = "bottom", bold: bool = False
) -> str:
    """One line or two, as SVG has no lines; ``y`` is the base line where ``up`` is bottom."""
    lines = words.split("\n")
    rise = {"bottom": 1.0 - len(lines), "middle": 0.8 - len(lines) / 2, "top": 0.8}[up]
    style = letters(across, bold=bold)
    return "".join(
        f'<text x="{plain(round(x, 1))}" y="{plain(round(y + (rise + n) * LINE, 1))}" '
        f'style="{style}">{escape(line, quote=False)}</text>'
        for n, line in enumerate(lines)
    )


def letters(across: str, *, bold: bool = False) -> str:
    weight = "font-weight: 700" if bold else ""
    said = [f"font-size: {TEXT}px", ANCHOR[across], weight, "fill: currentColor"]
    return "; ".join(filter(None, said))


def use(sign: str, size: float, style: str, x: float, y: float) -> str:
    """A sign; its shape has the same id in all drawings."""
    shape = outline(sign, size)
    name = f"m{crc32(shape.encode())}"
    defined = f'<defs><path id="{name}" d="{shape}"/></defs>'
    place = f'x="{plain(round(x, 1))}" y="{plain(round(y, 1))}"'
    return f'{defined}<use href="#{name}" {place} style="{style}"/>'


def shade(colour: str) -> str:
    return VARIABLES.get(colour, colour)


def filled(colour: str) -> str:
    return f"fill: {shade(colour)}"


def stroke(colour: str, width: float) -> str:
    return f"fill: none; stroke: {shade(colour)}; stroke-width: {width:g}"
