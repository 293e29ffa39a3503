"""A panel: one small chart, 340 px wide and never scaled, so that its text keeps its size and a
phone stacks panels.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from harness.report.charts.plot import Draw, Plot

WIDTH = 340  # px of a panel
TEXT = 11.5  # px


@dataclass(frozen=True)
class Panel:
    """One small chart: ``draw`` fills a plot; ``title`` stands above, ``words`` say it aloud.

    The page hides it when none of ``some`` is shown, or one of ``every`` is not.
    """

    title: str
    words: str
    height: int  # px
    draw: Draw
    note: str = ""  # stands below
    some: tuple[int, ...] = ()  # arms of the page that have marks in it
    every: tuple[int, ...] = ()  # arms of the page that it compares
    scenario: str = ""  # where the page's section does not say
    experiment: str = ""  # that it is of, if of one

    def plot(self) -> Plot:
        """All that it shows."""
        made = Plot()
        self.draw(made)
        return made


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
