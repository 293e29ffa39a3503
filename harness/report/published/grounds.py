"""What experiments were measured on, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from harness.report.again import again
from harness.report.rows.fetch import fetch_as
from harness.report.rows.published import OnGround
from harness.report.titles import title
from harness.store.database import open_database


@dataclass(frozen=True)
class Ground:
    """Day, machine, Pythons, servers and name of an experiment."""

    row: OnGround

    @property
    def words(self) -> str:
        return ", ".join(self.parts())

    @property
    def again(self) -> str:
        """What measures it again; empty where nobody types that."""
        row = self.row
        typed = again(row.command, row.options, row.seed)
        return f"`{typed}` at commit `{row.commit}`" if typed else ""

    def line(self, *more: str) -> str:
        """A list item, with what more is to be said of the experiment."""
        return f"- {': '.join(filter(None, [', '.join([self.words, *more]), self.again]))}"

    def parts(self) -> Iterator[str]:
        yield day(self.row.day)
        if self.row.cores and self.row.cpu_model:
            yield f"{self.row.cores} cores ({self.row.cpu_model})"
        yield f"Python {' and '.join(self.row.pythons)}"
        yield from map(title, self.row.servers or [])
        yield f"experiment `{self.row.experiment_id}`"


def lines(experiments: Sequence[str], grounds: Mapping[str, Ground]) -> list[str]:
    """A list item each, of those that are known."""
    return [grounds[name].line() for name in experiments if name in grounds]


def day(when: date) -> str:
    return f"{when.day} {when:%B %Y}"


def read_grounds(database: Path) -> dict[str, Ground]:
    """By experiment."""
    with open_database(database, read_only=True) as connection:
        rows = fetch_as(OnGround, connection, "published_grounds")
    return {row.experiment_id: Ground(row) for row in rows}
