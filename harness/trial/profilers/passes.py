"""Profiler passes: the same load once more under py-spy or memray, never used for timings.

Their files go to ``profiles/TRIAL/``, folded stacks and allocations become rows.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from harness.store.rows import Row
from harness.store.vocabulary import Purpose
from infrastructure.errors import TrialFailed
from infrastructure.processes.child import Child
from infrastructure.processes.folder import TrialFolder

UNAVAILABLE = "profiler_unavailable"


class ProfilerUnavailable(TrialFailed):
    """The profiler may not attach here; the reason goes into the profile row."""


@dataclass
class PassRows:
    """What a pass left: rows of profile, stack and allocation."""

    profiles: list[Row] = field(default_factory=list)
    stacks: list[Row] = field(default_factory=list)
    allocations: list[Row] = field(default_factory=list)


class ProfilerPass(ABC):
    """A profiler at work in one trial. ``target``: the folder that its files stay in."""

    tool: ClassVar[Purpose]
    unit: ClassVar[str]  # of a stack's value

    def __init__(self, trial_id: str, folder: TrialFolder, target: Path) -> None:
        self._trial_id = trial_id
        self._folder = folder
        self._target = target

    @abstractmethod
    def command(self, argv: Sequence[str], index: int) -> list[str]:
        """The command of a worker, and how it is started under this profiler."""

    @abstractmethod
    def before_load(self, workers: Sequence[Child]) -> None:
        """Raises ProfilerUnavailable when it may not look at these."""

    @abstractmethod
    def after_load(self) -> None:
        """Stop looking, where it looks at the load only."""

    @abstractmethod
    def collect(self) -> PassRows:
        """What it saw; call after the workers ended."""

    def profile(
        self, pid: int, samples: int, files: Sequence[Path], peak_bytes: int | None = None
    ) -> Row:
        """The row of a process that was looked at; files by their paths from the database's."""
        listed = [str(file.relative_to(self._target.parent.parent)) for file in files]
        return self._row(
            pid=pid, status="ok", samples=samples, peak_bytes=peak_bytes, files=json.dumps(listed)
        )

    def unavailable(self, reason: str, pid: int | None = None) -> Row:
        """The row of what could not be looked at."""
        return self._row(pid=pid, status=UNAVAILABLE, reason=reason)

    def _row(self, **known: object) -> Row:
        usual: Row = {"trial_id": self._trial_id, "tool": self.tool, "reason": None}
        return usual | {"samples": None, "peak_bytes": None, "files": "[]"} | known

    def stack_rows(self, stacks: Mapping[str, int]) -> list[Row]:
        """Rows of folded stacks and their values."""
        common = {"trial_id": self._trial_id, "tool": self.tool, "unit": self.unit}
        return [{**common, "frames": frames, "value": value} for frames, value in stacks.items()]
