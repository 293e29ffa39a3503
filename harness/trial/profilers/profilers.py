"""Profiler passes: the same load once more under py-spy or memray, never used for timings.

py-spy attaches to the running workers for the load only. memray has to start them
(``python -m memray run``) and writes its capture when they end. Files go to
``profiles/TRIAL/``, folded stacks and allocations become rows.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import memray

from harness.machine.attach import tool, why_not
from harness.store.rows import Row
from harness.store.vocabulary import Purpose
from harness.trial.profilers.icicle import read_folded, svg
from infrastructure.errors import TrialFailed
from infrastructure.processes.child import Child, start
from infrastructure.processes.folder import TrialFolder
from infrastructure.root import ROOT

PY_SPY_HZ = "100"  # 5 % of a busy loop; 1,000 Hz costs 30 % and more
ATTACH_S = 10.0
FLUSH_S = 30.0
TOP_ALLOCATIONS = 50
IMPORT_ROOT = re.compile(
    rf"\((?:/[^;:]*/(?:site-packages|lib-dynload|python3\.\d+)|{re.escape(str(ROOT))})/"
)
FLAMEGRAPHS = 3  # memray pages are 5 MB each: those of the largest heaps


class ProfilerUnavailable(TrialFailed):
    """The profiler may not attach here; the reason goes into the profile row."""


@dataclass
class PassRows:
    """What a pass left: rows of profile, stack and allocation."""

    profiles: list[Row] = field(default_factory=list)
    stacks: list[Row] = field(default_factory=list)
    allocations: list[Row] = field(default_factory=list)


def listed(target: Path, files: Sequence[Path]) -> str:
    """The files as a JSON list of paths from the database's folder: ``profiles/TRIAL/NAME``."""
    return json.dumps([str(file.relative_to(target.parent.parent)) for file in files])


class PySpy:
    """``before_load`` attaches to every worker group, ``after_load`` detaches and reads."""

    name = "py-spy"

    def __init__(self, trial_id: str, folder: TrialFolder, target: Path) -> None:
        self._trial_id = trial_id
        self._folder = folder
        self._target = target
        self._recorders: list[tuple[Child, int, Path]] = []

    def command(self, argv: Sequence[str], _index: int) -> list[str]:
        return list(argv)

    def before_load(self, workers: Sequence[Child]) -> None:
        """Raises ProfilerUnavailable when py-spy may not attach."""
        self._target.mkdir(parents=True, exist_ok=True)
        for worker in workers:
            self._preflight(worker.pid)
        for index, worker in enumerate(workers):
            output = self._target / f"py-spy-{index}.folded"
            argv = [
                tool("py-spy"),
                "record",
                "--pid",
                str(worker.pid),
                "--subprocesses",
                "--rate",
                PY_SPY_HZ,
                "--format",
                "raw",
                "--full-filenames",  # its short ones lose folders that have no __init__.py
                "--output",
                str(output),
                "--duration",
                "unlimited",
            ]
            child = start(argv, "profiler", self._folder, {"PATH": os.defpath}, f"py-spy-{index}")
            self._recorders.append((child, worker.pid, output))
        self._wait_attached()

    def _preflight(self, pid: int) -> None:
        done = subprocess.run(
            [tool("py-spy"), "dump", "--json", "--pid", str(pid)],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        if done.returncode:
            raise ProfilerUnavailable(f"profiler_unavailable: py-spy: {why_not(done.stderr)}")

    def _wait_attached(self) -> None:
        deadline = time.monotonic() + ATTACH_S
        while any("Sampling process" not in child.tail() for child, _, _ in self._recorders):
            for child, _, _ in self._recorders:
                if not child.alive():
                    raise ProfilerUnavailable(
                        f"profiler_unavailable: py-spy: {why_not(child.tail())}"
                    )
            if time.monotonic() > deadline:
                return  # another py-spy may say it in other words: it records all the same
            time.sleep(0.02)

    def after_load(self) -> None:
        for child, _, _ in self._recorders:
            child.stop(signal.SIGINT, FLUSH_S)  # on SIGTERM it would write nothing

    def collect(self) -> PassRows:
        """Read the stacks; call after the workers ended."""
        result = PassRows()
        total: Counter[str] = Counter()
        for child, pid, output in self._recorders:
            child.stop(signal.SIGINT)
            stacks = read_folded(output) if output.exists() else Counter()
            for frames, count in stacks.items():
                total[short(frames)] += count
            result.profiles.append(
                {
                    "trial_id": self._trial_id,
                    "tool": self.name,
                    "pid": pid,
                    "status": "ok" if stacks else "profiler_unavailable",
                    "reason": None if stacks else why_not(child.tail()),
                    "samples": sum(stacks.values()),
                    "peak_bytes": None,
                    "files": listed(self._target, [output, self._target / "py-spy.svg"]),
                }
            )
        if total:
            page = svg(total, f"{self._trial_id}: CPU of the workers", "samples")
            (self._target / "py-spy.svg").write_text(page)
        result.stacks = [
            {
                "trial_id": self._trial_id,
                "tool": self.name,
                "frames": frames,
                "value": count,
                "unit": "samples",
            }
            for frames, count in total.items()
        ]
        return result


class Memray:
    """Starts the workers under memray; reads the captures when they have ended."""

    name = "memray"

    def __init__(self, trial_id: str, folder: TrialFolder, target: Path) -> None:
        self._trial_id = trial_id
        self._folder = folder
        self._target = target

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
        result = PassRows()
        captures = sorted(self._folder.path.glob("memray-*.bin*"))
        opened = [(path, self._open(path, result)) for path in captures]
        readers = [(path, reader) for path, reader in opened if reader is not None]
        readers.sort(key=lambda pair: -pair[1].metadata.peak_memory)
        stacks: Counter[str] = Counter()
        places: dict[tuple[str, str, int], list[int]] = {}
        for index, (path, reader) in enumerate(readers):
            with reader:
                files = self._page(path, index) if index < FLAMEGRAPHS else []
                result.profiles.append(self._profile(reader, files))
                add_peak(reader, stacks, places)
        if not readers and not result.profiles:
            result.profiles.append(self._unavailable("the workers left no capture", None))
        result.stacks = [
            {
                "trial_id": self._trial_id,
                "tool": self.name,
                "frames": frames,
                "value": size,
                "unit": "bytes",
            }
            for frames, size in stacks.items()
        ]
        top = sorted(places.items(), key=lambda item: -item[1][0])[:TOP_ALLOCATIONS]
        result.allocations = [
            {
                "trial_id": self._trial_id,
                "function": f,
                "file": file,
                "line": line,
                "bytes": size,
                "count": count,
            }
            for (f, file, line), (size, count) in top
        ]
        return result

    def _open(self, path: Path, result: PassRows) -> Any:
        try:
            reader = memray.FileReader(path)
        except OSError as error:
            result.profiles.append(self._unavailable(f"{path.name}: {error}", None))
            return None
        return reader

    def _page(self, capture: Path, index: int) -> list[Path]:
        """The self-contained flamegraph of one process's heap."""
        page = self._target / f"memray-{index}.html"
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "memray",
                "flamegraph",
                "--no-web",
                "--force",
                "--output",
                str(page),
                str(capture),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        return [page] if done.returncode == 0 else []

    def _profile(self, reader: Any, files: list[Path]) -> Row:
        meta = reader.metadata
        return {
            "trial_id": self._trial_id,
            "tool": self.name,
            "pid": meta.pid,
            "status": "ok",
            "reason": None,
            "samples": meta.total_allocations,
            "peak_bytes": meta.peak_memory,
            "files": listed(self._target, files),
        }

    def _unavailable(self, reason: str, pid: int | None) -> Row:
        return {
            "trial_id": self._trial_id,
            "tool": self.name,
            "pid": pid,
            "status": "profiler_unavailable",
            "reason": reason,
            "samples": None,
            "peak_bytes": None,
            "files": "[]",
        }


def short(frames: str) -> str:
    """Folded frames with ``redis/client.py`` in place of whole paths, the same by both tools."""
    return IMPORT_ROOT.sub("(", frames)


def add_peak(
    reader: Any, stacks: Counter[str], places: dict[tuple[str, str, int], list[int]]
) -> None:
    """Add what was allocated at one process's memory peak, by stack and by innermost place."""
    for record in reader.get_high_watermark_allocation_records(merge_threads=True):
        frames = list(reversed(record.stack_trace()))
        if not frames:
            continue
        folded = ";".join(f"{f} ({file}:{line})" for f, file, line in frames)
        stacks[short(folded)] += record.size
        place = places.setdefault(frames[-1], [0, 0])
        place[0] += record.size
        place[1] += record.n_allocations


Profiler = PySpy | Memray
PROFILERS: dict[Purpose, type[PySpy] | type[Memray]] = {
    Purpose.PY_SPY: PySpy,
    Purpose.MEMRAY: Memray,
}


def unavailable_row(trial_id: str, name: str, reason: str) -> Row:
    """The profile row of a pass that could not attach."""
    return {
        "trial_id": trial_id,
        "tool": name,
        "pid": None,
        "status": "profiler_unavailable",
        "reason": reason,
        "samples": None,
        "peak_bytes": None,
        "files": "[]",
    }
