"""The pass under memray, which has to start the workers and writes its capture when they end."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import memray

from harness.store.vocabulary import Purpose
from harness.trial.profilers.heap import Peak
from harness.trial.profilers.passes import PassRows, ProfilerPass
from infrastructure.processes.child import Child

TOP_ALLOCATIONS = 50
FLAMEGRAPHS = 3  # memray pages are 5 MB each: those of the largest heaps
PAGE_S = 300.0


class Memray(ProfilerPass):
    tool = Purpose.MEMRAY
    unit = "bytes"

    def command(self, argv: Sequence[str], index: int) -> list[str]:
        """Put ``memray run`` between the interpreter and the module it runs."""
        python, dash_m, *module = argv
        capture = str(self._folder.path / f"memray-{index}.bin")
        run = ["memray", "run", "--quiet", "--follow-fork", "--output", capture]
        return [python, dash_m, *run, "-m", *module]

    def before_load(self, _workers: Sequence[Child]) -> None:
        self._target.mkdir(parents=True, exist_ok=True)

    def after_load(self) -> None:
        """Nothing: the captures are complete when the workers end."""

    def collect(self) -> PassRows:
        result, peak = PassRows(), Peak()
        readers = sorted(self._opened(result), key=lambda found: -found[1].metadata.peak_memory)
        for index, (path, reader) in enumerate(readers):
            with reader:
                files = self._page(path, index) if index < FLAMEGRAPHS else []
                meta = reader.metadata
                result.profiles.append(
                    self.profile(meta.pid, meta.total_allocations, files, meta.peak_memory)
                )
                peak.add(reader)
        if not result.profiles:
            result.profiles.append(self.unavailable("the workers left no capture"))
        result.stacks = self.stack_rows(peak.stacks)
        result.allocations = peak.rows({"trial_id": self._trial_id}, TOP_ALLOCATIONS)
        return result

    def _opened(self, result: PassRows) -> Iterator[tuple[Path, Any]]:
        """Captures and their readers; what cannot be read is a row."""
        for path in sorted(self._folder.path.glob("memray-*.bin*")):
            try:
                yield path, memray.FileReader(path)
            except OSError as error:
                result.profiles.append(self.unavailable(f"{path.name}: {error}"))

    def _page(self, capture: Path, index: int) -> list[Path]:
        """The self-contained flamegraph of one process's heap."""
        page = self._target / f"memray-{index}.html"
        argv = ["flamegraph", "--no-web", "--force", "--output", str(page), str(capture)]
        done = subprocess.run(
            [sys.executable, "-m", "memray", *argv],
            capture_output=True,
            text=True,
            check=False,
            timeout=PAGE_S,
        )
        return [page] if done.returncode == 0 else []
