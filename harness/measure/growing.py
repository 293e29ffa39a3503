"""Record files while they grow."""

from pathlib import Path
from typing import Any

import numpy as np

from harness.measure.layouts import Array
from harness.measure.records import read_file


def leading(slots: Array) -> Array:
    """The records before the first slot that is not written yet."""
    empty = np.flatnonzero(slots["pid"] == 0)
    return slots[: empty[0]] if len(empty) else slots


class Growing:
    """Record files of a running trial: each read gives what was written since the one before."""

    def __init__(self, folder: Path, suffix: str, dtype: np.dtype[Any]) -> None:
        self._folder = folder
        self._suffix = suffix
        self._dtype = dtype
        self._offsets: dict[Path, int] = {}
        self.total = 0  # records read so far

    def read(self) -> Array:
        parts = [np.empty(0, dtype=self._dtype)]
        for path in self._folder.glob(f"*{self._suffix}"):
            offset = self._offsets.get(path, 0)
            fresh = leading(read_file(path, self._dtype, offset))
            self._offsets[path] = offset + fresh.nbytes
            parts.append(fresh)
            self.total += len(fresh)
        return np.concatenate(parts)
