"""What a delaying proxy has passed on, in a file that both it and the harness have mapped."""

import mmap
import struct
from pathlib import Path
from typing import NamedTuple, Self

LAYOUT = struct.Struct("<7q")


class Counts(NamedTuple):
    """Since the start. ``up``: pieces that clients sent to the broker, as they were received;
    ``down``: those of the broker. ``late_ns``: by how much all of them together were passed on
    later than they were due; ``late_most_ns``: the latest of them.
    """

    connections: int = 0
    up: int = 0
    down: int = 0
    up_bytes: int = 0
    down_bytes: int = 0
    late_ns: int = 0
    late_most_ns: int = 0

    @classmethod
    def read(cls, path: Path) -> Self:
        return cls(*LAYOUT.unpack(path.read_bytes()))

    def since(self, before: "Counts") -> "Counts":
        """What was passed on since then; the latest stays that of all."""
        grown = (now - then for now, then in zip(self, before, strict=True))
        return Counts(*grown)._replace(late_most_ns=self.late_most_ns)

    @property
    def mean_late_us(self) -> float:
        """Mean lateness of a piece, in microseconds; nan where there was none."""
        pieces = self.up + self.down
        return self.late_ns / pieces / 1e3 if pieces else float("nan")


NOTHING = Counts()


def mapped(path: Path) -> mmap.mmap:
    """A new file of zero counts, mapped; it appears whole."""
    partial = path.with_suffix(".partial")
    partial.write_bytes(LAYOUT.pack(*NOTHING))
    with partial.open("r+b") as file:
        found = mmap.mmap(file.fileno(), LAYOUT.size)
    partial.rename(path)
    return found
