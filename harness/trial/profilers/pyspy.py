"""The pass under py-spy, which attaches to the running workers for the load only."""

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from harness.machine.attach import tool, why_not
from harness.store.rows import Row
from harness.store.vocabulary import Purpose
from harness.trial.profilers.folded import read_folded, short
from harness.trial.profilers.icicle import svg
from harness.trial.profilers.passes import (
    UNAVAILABLE,
    PassRows,
    ProfilerPass,
    ProfilerUnavailable,
)
from infrastructure.processes.child import Child, start
from infrastructure.processes.role import Role

HZ = "100"  # 5 % of a busy loop; 1,000 Hz costs 30 % and more
PREFLIGHT_S = 30.0
ATTACH_S = 10.0
FLUSH_S = 30.0
SAID_WHEN_ATTACHED = "Sampling process"


class Recorder(NamedTuple):
    """A py-spy that looks at one worker command and its children, into a file."""

    child: Child
    pid: int
    output: Path


class PySpy(ProfilerPass):
    tool = Purpose.PY_SPY
    unit = "samples"
    _recorders: tuple[Recorder, ...] = ()

    def command(self, argv: Sequence[str], _index: int) -> list[str]:
        return list(argv)

    def before_load(self, workers: Sequence[Child]) -> None:
        self._target.mkdir(parents=True, exist_ok=True)
        for worker in workers:
            preflight(worker.pid)
        self._recorders = tuple(self._record(w.pid, place) for place, w in enumerate(workers))
        self._wait_attached()

    def _record(self, pid: int, place: int) -> Recorder:
        output = self._target / f"py-spy-{place}.folded"
        words = f"record --pid {pid} --subprocesses --rate {HZ} --format raw --duration unlimited"
        # Its short file names lose folders that have no __init__.py.
        argv = [tool("py-spy"), *words.split(), "--full-filenames", "--output", str(output)]
        child = start(argv, Role.PROFILER, self._folder, {"PATH": os.defpath}, f"py-spy-{place}")
        return Recorder(child, pid, output)

    def _wait_attached(self) -> None:
        deadline = time.monotonic() + ATTACH_S
        children = [recorder.child for recorder in self._recorders]
        while any(SAID_WHEN_ATTACHED not in child.tail() for child in children):
            for child in children:
                if not child.alive():
                    raise ProfilerUnavailable(f"{UNAVAILABLE}: py-spy: {why_not(child.tail())}")
            if time.monotonic() > deadline:
                return  # another py-spy may say it in other words: it records all the same
            time.sleep(0.02)

    def after_load(self) -> None:
        for recorder in self._recorders:
            recorder.child.stop(signal.SIGINT, FLUSH_S)  # on SIGTERM it would write nothing

    def collect(self) -> PassRows:
        total: Counter[str] = Counter()
        profiles = [self._read(recorder, total) for recorder in self._recorders]
        if total:
            page = svg(total, f"{self._trial_id}: CPU of the workers", self.unit)
            self._page.write_text(page)
        return PassRows(profiles, self.stack_rows(total))

    def _read(self, recorder: Recorder, total: Counter[str]) -> Row:
        """Add the stacks of one recorder; its row."""
        recorder.child.stop(signal.SIGINT)
        stacks = read_folded(recorder.output) if recorder.output.exists() else Counter()
        for frames, count in stacks.items():
            total[short(frames)] += count
        if not stacks:
            return self.unavailable(why_not(recorder.child.tail()), recorder.pid)
        return self.profile(recorder.pid, stacks.total(), [recorder.output, self._page])

    @property
    def _page(self) -> Path:
        return self._target / "py-spy.svg"


def preflight(pid: int) -> None:
    """Raises ProfilerUnavailable when py-spy may not attach to this process."""
    done = subprocess.run(
        [tool("py-spy"), "dump", "--json", "--pid", str(pid)],
        capture_output=True,
        text=True,
        timeout=PREFLIGHT_S,
        check=False,
    )
    if done.returncode:
        raise ProfilerUnavailable(f"{UNAVAILABLE}: py-spy: {why_not(done.stderr)}")
