"""A table with more columns than a terminal has room for: they go on below, a table a group."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

GAP = 2  # characters between two columns
LINES = 3  # of a heading
SHORT = 8  # characters of a heading that takes one line


@dataclass(frozen=True)
class Column:
    """``cells`` in console markup."""

    heading: str
    cells: Sequence[str]
    style: str = ""

    @property
    def width(self) -> int:
        """What its cells take, and its heading in a few lines."""
        words = [cell_len(word) for word in self.heading.split()]
        cells = [cell_len(Text.from_markup(cell).plain) for cell in self.cells]
        whole = cell_len(self.heading)
        return max([*cells, *words, -(-whole // LINES), min(whole, SHORT)], default=0)


@dataclass(frozen=True)
class InGroups:
    """``first`` begins every table; the columns of a group stay in one."""

    first: Column
    groups: Sequence[Sequence[Column]]

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        for number, columns in enumerate(self.fitting(options.max_width)):
            if number:
                yield ""
            yield table([self.first, *columns])

    def fitting(self, room: int) -> Iterator[list[Column]]:
        """The columns of each table, as many as fit; one group at least."""
        own: list[Column] = []
        for group in self.groups:
            if own and taken([self.first, *own, *group]) > room:
                yield own
                own = []
            own = [*own, *group]
        yield own


def taken(columns: Sequence[Column]) -> int:
    return sum(column.width + GAP for column in columns)


def table(columns: Sequence[Column]) -> Table:
    made = Table(box=None, header_style="dim", padding=(0, GAP, 0, 0))
    for number, column in enumerate(columns):
        made.add_column(
            column.heading,
            justify="right" if number else "left",
            style=column.style,
            width=column.width,
        )
    for cells in zip(*(column.cells for column in columns), strict=True):
        made.add_row(*cells)
    return made
