"""What a session's spool shows from outside, while it runs and after it was struck."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from harness.measure.records import Records
from infrastructure.processes.folder import SESSIONS, TRIAL, spool_of


class Seen:
    """Trials that had a row to store, by id, with the records that they left in the end."""

    def __init__(self, database: Path) -> None:
        self.spool = spool_of(database)
        self.trials: dict[str, int] = {}

    def look(self) -> None:
        for row in self.spool.glob(f"*/{TRIAL}"):
            self.trials.setdefault(row.parent.name, 0)

    def count_records(self) -> None:
        """Of what is left to be stored; nobody writes any more."""
        for row in self.spool.glob(f"*/{TRIAL}"):
            sent = Records.read(row.parent / "records").sends["seq"]
            self.trials[row.parent.name] = len(set(sent.tolist()))

    def left(self) -> list[str]:
        """What still stands in the spool."""
        return sorted(path.name for path in self.spool.iterdir()) if self.spool.is_dir() else []


def sessions(database: Path) -> Iterator[tuple[int, str]]:
    """Pid and role of every process session that a trial has noted, the newest last."""
    for file in sorted(spool_of(database).glob(f"*/{SESSIONS}")):
        with suppress(FileNotFoundError):
            for line in file.read_text().splitlines():
                pid, *_, role = line.split()
                yield int(pid), role
