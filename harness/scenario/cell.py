"""The cell's Python on its own: what bodies and imports take without any worker."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from infrastructure.errors import TrialFailed
from infrastructure.processes.child import cell_environment

NOTHING: Mapping[str, str] = {}


class CellPython:
    """``executable``: the cell's interpreter. ``spec``: the file of the trial's spec."""

    def __init__(self, executable: str, spec: Path) -> None:
        self._executable = executable
        self._spec = spec

    def bare_s(self, kind: str, arg: int, times: int) -> float:
        """CPU seconds a call of a body alone, without any framework. Raises TrialFailed."""
        return self._figure(
            f"the bare body {kind} failed", "tasks.bare", kind, str(arg), str(times)
        )

    def imports_s(self, env: Mapping[str, str]) -> float:
        """Seconds that a new process takes to import the adapter and its framework. Raises
        TrialFailed.
        """
        return self._figure("the adapter could not be imported", "tasks.imports", env=env)

    def _figure(self, otherwise: str, *module: str, env: Mapping[str, str] = NOTHING) -> float:
        done = subprocess.run(
            [self._executable, "-m", *module],
            env={**cell_environment(self._spec, 0), **env},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise TrialFailed(f"{otherwise}: {done.stderr[-500:]}")
        return float(done.stdout)
