"""A stretch of a trial that figures are taken from: roles and broker counters at its two ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.measure.sampler import Usage


@dataclass
class Window:
    """``commands``: served since the broker's start, by name. ``traffic``, ``wal``: bytes since
    then, None where the broker does not count them.
    """

    before: Mapping[str, Usage] = field(default_factory=dict)
    after: Mapping[str, Usage] = field(default_factory=dict)
    commands_before: dict[str, int] = field(default_factory=dict)
    commands_after: dict[str, int] = field(default_factory=dict)
    traffic_before: int | None = None
    traffic_after: int | None = None
    wal_before: int | None = None
    wal_after: int | None = None

    @property
    def start_ns(self) -> int:
        return min(u.at_ns for u in self.before.values())

    @property
    def end_ns(self) -> int:
        return max(u.at_ns for u in self.after.values())

    def commands(self) -> dict[str, int]:
        """Commands served within the window, by name; zero counts left out."""
        counts = {
            name: n - self.commands_before.get(name, 0) for name, n in self.commands_after.items()
        }
        return {name: n for name, n in counts.items() if n > 0}

    def traffic(self) -> int | None:
        """Bytes that the broker received and sent within the window; None where it does not say."""
        return grown(self.traffic_before, self.traffic_after)

    def wal(self) -> int | None:
        """Bytes that it wrote to its write-ahead log within the window; None where it has none."""
        return grown(self.wal_before, self.wal_after)


def grown(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else after - before
