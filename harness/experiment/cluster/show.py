"""What a person sees of the machines: a line each on a terminal, else what they say, by name."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from rich.console import Console

from harness.cli.progress import bars, clock
from harness.experiment.cluster.member import Member
from infrastructure.counted import counted

if TYPE_CHECKING:
    from rich.progress import TaskID


class Show:
    """``expected`` and ``done``: blocks."""

    def __init__(self, console: Console) -> None:
        self.console, self.expected, self.done = console, 0, 0
        self._rows: dict[str, TaskID] = {}
        self._progress = bars(console, "{task.fields[left]}")
        self._total = self._progress.add_task("blocks", total=1.0, left="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def print(self, line: str) -> None:
        self._progress.print(line, highlight=False)

    def said(self, member: Member, line: str) -> None:
        """A line of a machine's."""
        if line.strip() and not self.console.is_terminal:
            self.console.print(f"{member.name} · {line.strip()}", highlight=False, markup=False)

    def update(self, members: Iterable[Member], left_s: float) -> None:
        """How far each is, and all together; ``left_s``: seconds still to go."""
        known = {member.address: member for member in members}
        for address in [address for address in self._rows if address not in known]:
            self._progress.remove_task(self._rows.pop(address))
        for address, member in known.items():
            if address not in self._rows:
                self._rows[address] = self._progress.add_task("", total=None, left="")
            said = f"{member.name} · {member}"
            self._progress.update(self._rows[address], description=said)
        self._progress.update(
            self._total,
            description=f"{self.done} of {self.expected} blocks, {counted(len(known), 'machine')}",
            total=max(1, self.expected),
            completed=self.done,
            left=f"{clock(left_s)} left",
        )
