"""Bars of block characters."""

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

EIGHTHS = " ▏▎▍▌▋▊▉█"
LEAST = 4  # characters of the longest, where a terminal is narrow


def bar(share: float, width: int) -> str:
    """A bar of ``share`` (0 to 1) of ``width`` characters, in eighths of one."""
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    whole, rest = divmod(eighths, 8)
    return EIGHTHS[8] * whole + (EIGHTHS[rest] if rest else "")


@dataclass(frozen=True)
class Bar:
    """A bar in a table, as wide as the terminal has room for: the longest has ``most`` characters,
    or fewer.
    """

    share: float
    most: int

    def __rich_measure__(self, _console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(LEAST, self.most).clamp(max_width=options.max_width)

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(bar(self.share, min(self.most, options.max_width)), style="cyan")
