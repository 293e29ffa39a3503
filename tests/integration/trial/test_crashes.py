"""Workers that end by their own error."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.measure.sampler import Sampler
from harness.scenario.workers import Workers
from infrastructure.processes.child import Child
from infrastructure.processes.role import Role
from infrastructure.service import Depth

BURNS = "import time\nwhile time.process_time() < 0.3: pass\nraise SystemExit(1)"


def burning(folder: Path) -> Child:
    argv = [sys.executable, "-c", BURNS]
    process = subprocess.Popen(argv, start_new_session=True, text=True)
    return Child(Role.WORKERS, process, folder / "worker.log")


@pytest.mark.parametrize("supervised", [False, True])
def test_what_a_worker_took_until_it_crashed_is_counted(
    tmp_path: Path, *, supervised: bool
) -> None:
    """Between two samples, too: one that crashes within half a second is in hardly any."""
    sampler, again = Sampler(lambda: Depth(0, 0, 0)), burning(tmp_path)
    children = [burning(tmp_path), again]
    for child in children:
        sampler.watch("workers", child.pid)
    workers = Workers(children[:1], lambda *_: [again], sampler)
    workers.keep_up()
    if supervised:
        workers.supervise(0)
    while len(workers.crashes) < 2 and workers.revived < 2:
        workers.check()
    assert sampler.look()["workers"].cpu_s >= 0.58


def test_a_child_that_another_thread_collects_just_now_is_asked_again(tmp_path: Path) -> None:
    """Its code is not known yet: the kernel has no such child any more, and Popen says nothing."""
    process = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True, text=True)
    child = Child(Role.WORKERS, process, tmp_path / "worker.log")
    _, status = os.waitpid(process.pid, 0)  # by the thread that stops it
    with process._waitpid_lock:  # type: ignore[attr-defined]  # until it has noted the code
        assert not child.has_ended()
        process.returncode = os.waitstatus_to_exitcode(status)
    assert child.has_ended()
