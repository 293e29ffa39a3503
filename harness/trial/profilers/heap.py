"""What a process held at its memory peak, by stack and by the place that allocated it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from harness.store.rows import Row
from harness.trial.profilers.folded import short


class Place(NamedTuple):
    """Where something was allocated."""

    function: str
    file: str
    line: int


@dataclass
class Peak:
    """Bytes by folded stack; bytes and allocations by innermost place; of several processes."""

    stacks: Counter[str] = field(default_factory=Counter)
    sizes: Counter[Place] = field(default_factory=Counter)
    counts: Counter[Place] = field(default_factory=Counter)

    def add(self, reader: Any) -> None:
        """Add the peak of one process, from memray's reader of its capture."""
        for record in reader.get_high_watermark_allocation_records(merge_threads=True):
            frames = list(reversed(record.stack_trace()))
            if not frames:
                continue
            folded = ";".join(f"{f} ({file}:{line})" for f, file, line in frames)
            self.stacks[short(folded)] += record.size
            place = Place(*frames[-1])
            self.sizes[place] += record.size
            self.counts[place] += record.n_allocations

    def rows(self, key: Mapping[str, Any], top: int) -> list[Row]:
        """The places that held most."""
        return [
            {**key, **place._asdict(), "bytes": size, "count": self.counts[place]}
            for place, size in self.sizes.most_common(top)
        ]
