"""A stretch of a trial that figures are taken from: roles and broker counters at its two ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from harness.measure.sampler import Usage
from infrastructure.network.counts import NOTHING, Counts
from infrastructure.service import Broker


@dataclass(frozen=True)
class Counters:
    """What a broker has counted since its start: commands served, by name; bytes that it received
    and sent, and that it wrote to its write-ahead log, None where it does not say. ``late``:
    commands that it tells seconds later.
    """

    commands: Mapping[str, int] = field(default_factory=dict)
    traffic: int | None = None
    wal: int | None = None
    late: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, broker: Broker) -> Self:
        return cls(broker.commands(), broker.traffic(), broker.wal(), broker.late_commands())

    def since(self, before: "Counters") -> "Counters":
        """What it has counted since then; commands that it did not serve are left out."""
        return Counters(
            served(before.commands, self.commands),
            grown(before.traffic, self.traffic),
            grown(before.wal, self.wal),
            served(before.late, self.late),
        )


def served(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """Commands between two looks, by name."""
    counts = {name: n - before.get(name, 0) for name, n in after.items()}
    return {name: n for name, n in counts.items() if n > 0}


def grown(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else after - before


@dataclass
class Window:
    """``before``, ``after``: roles at its ends. ``counted``: by the broker within it. ``network``:
    what passed the network before it, where there is one; once it is closed, within it.
    """

    before: Mapping[str, Usage]
    begun: Counters
    after: Mapping[str, Usage] = field(default_factory=dict)
    counted: Counters = field(default_factory=Counters)
    network: Counts = NOTHING

    @property
    def start_ns(self) -> int:
        return min(u.at_ns for u in self.before.values())

    @property
    def end_ns(self) -> int:
        return max(u.at_ns for u in self.after.values())
