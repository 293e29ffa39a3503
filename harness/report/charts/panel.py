"""A panel: one small chart, 340 px wide and never scaled, so that its text keeps its size and a
phone stacks panels.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from harness.report.charts.palette import INK, RULE

WIDTH = 340  # px of a panel
TEXT = 11.5  # px
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": TEXT,
    "axes.titlesize": TEXT,
    "axes.labelsize": TEXT,
    "xtick.labelsize": TEXT,
    "ytick.labelsize": TEXT,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.edgecolor": RULE,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": RULE,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


@dataclass(frozen=True)
class Panel:
    """One small chart: ``draw`` fills the axes; ``title`` stands above, ``words`` say it aloud.

    The page hides it when none of ``some`` is shown, or one of ``every`` is not.
    """

    title: str
    words: str
    height: int  # px
    draw: Callable[[Axes], None]
    note: str = ""  # stands below
    some: tuple[int, ...] = ()  # arms of the page that have marks in it
    every: tuple[int, ...] = ()  # arms of the page that it compares
    scenario: str = ""  # where the page's section does not say
    experiment: str = ""  # that it is of, if of one


class OfArm(Protocol):
    """Something of one arm of the page."""

    @property
    def arm(self) -> int: ...


class OfArms(Protocol):
    """Something drawn as one arm that is of several arms of the page, or of none of them."""

    @property
    def page_arms(self) -> Sequence[int]: ...


def arms_of(rows: Iterable[OfArm]) -> tuple[int, ...]:
    """Each arm once, in order of appearance."""
    return tuple(dict.fromkeys(row.arm for row in rows))


def page_arms_of(rows: Iterable[OfArms]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(arm for row in rows for arm in row.page_arms))


def mark(
    artists: Iterable[Artist],
    arms: Sequence[int],
    words: str = "",
    *,
    which: str = "every",
    row: float = -1,
) -> None:
    """Say whose the artists are, and what a pointer over them reads; ``inline`` writes both out.

    The page hides them when one of the arms is hidden; with ``which="some"``, when all of them are.
    ``row``, of a chart made of rows: the artists' one from the top, so that the page can close it.
    """
    for artist in artists:
        artist.set_gid(
            f"{which} {' '.join(map(str, arms))}|{row:.0f}|{words.replace(chr(34), '″')}"
        )
