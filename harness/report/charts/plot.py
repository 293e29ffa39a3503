"""What a chart shows, in the units of its axes. ``inline`` writes it as SVG of a page, ``painting``
paints it with matplotlib for a picture beside the page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from harness.report.charts.scale import Axis

EDGE = float("inf")  # as far as the axes go; with a minus, to their beginning


@dataclass(frozen=True)
class Tag:
    """Whose something is: hidden when one of the arms is (``which``: ``every``), or when all are
    (``some``). ``words``: what a pointer over it reads. ``row``, of a chart made of rows: the
    place from the top, so that the page can close it; -1 elsewhere.
    """

    arms: tuple[int, ...] = ()
    words: str = ""
    which: str = "every"
    row: float = -1


@dataclass(kw_only=True)
class Item:
    """Something drawn; without arms it is always shown."""

    tag: Tag = field(default_factory=Tag)


@dataclass(kw_only=True)
class Line(Item):
    """Through points; ``width`` and ``size`` in px. Every so manieth point has the ``sign``."""

    xs: Sequence[float]
    ys: Sequence[float]
    colour: str
    width: float = 1.5
    dashed: bool = False
    sign: str = ""
    size: float = 5
    every: int = 1


@dataclass(kw_only=True)
class Spot(Item):
    """A sign at a place; ``unseen`` ones only have words. ``of_height``: ``y`` is a share of the
    height of the axes.
    """

    x: float
    y: float
    sign: str
    colour: str
    size: float = 5
    hollow: bool = False
    unseen: bool = False
    of_height: bool = False
    alpha: float = 1


@dataclass(kw_only=True)
class Box(Item):
    """From one corner to the other; ``frame``: its outline only."""

    x: tuple[float, float]
    y: tuple[float, float]
    colour: str
    alpha: float = 1
    frame: bool = False


@dataclass(kw_only=True)
class Band(Item):
    """Between two lines."""

    xs: Sequence[float]
    lows: Sequence[float]
    highs: Sequence[float]
    colour: str


@dataclass(kw_only=True)
class Words(Item):
    """A text of one or two lines, so many px from a place, to the right and upwards. ``across`` is
    start, middle or end; ``up`` is top, middle or bottom: which part of it stands there.
    """

    x: float
    y: float
    text: str
    shift: tuple[float, float] = (0, 0)
    across: str = "start"
    up: str = "middle"
    bold: bool = False


@dataclass
class Plot:
    """Two axes and what is drawn between them, in the order in which it is drawn; ``upright``: an
    edge stands at the left.
    """

    x: Axis = field(default_factory=Axis)
    y: Axis = field(default_factory=Axis)
    items: list[Item] = field(default_factory=list)
    upright: bool = True

    def add(self, *items: Item) -> None:
        self.items += items


Draw = Callable[[Plot], None]
