"""The cell's Python on its own: what bodies and imports take without any worker."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from infrastructure.errors import TrialFailed
from infrastructure.processes.child import cell_environment, reaped_cpu_s

NOTHING: Mapping[str, str] = {}


class Bare(NamedTuple):
    """CPU seconds that a body alone takes: the mean of its calls, and the least."""

    mean_s: float
    least_s: float


class CellPython:
    """``executable``: the cell's interpreter. ``spec``: the file of the trial's spec. ``cpu_s``:
    CPU seconds that its processes have taken.
    """

    def __init__(self, executable: str, spec: Path) -> None:
        self._executable = executable
        self._spec = spec
        self.cpu_s = 0.0

    def bare(self, kind: str, arg: int, times: int) -> Bare:
        """A body alone, without any framework. Raises TrialFailed."""
        words = (kind, str(arg), str(times))
        return Bare(*json.loads(self._said(f"the bare body {kind} failed", "tasks.bare", *words)))

    def imports_s(self, env: Mapping[str, str]) -> float:
        """Seconds that a new process takes to import the adapter and its framework. Raises
        TrialFailed.
        """
        return float(self._said("the adapter could not be imported", "tasks.imports", env=env))

    def _said(self, otherwise: str, *module: str, env: Mapping[str, str] = NOTHING) -> str:
        before_s = reaped_cpu_s()
        done = subprocess.run(
            [self._executable, "-m", *module],
            env={**cell_environment(self._spec, 0), **env},
            capture_output=True,
            text=True,
            check=False,
        )
        self.cpu_s += reaped_cpu_s() - before_s
        if done.returncode:
            raise TrialFailed(f"{otherwise}: {done.stderr[-500:]}")
        return done.stdout
