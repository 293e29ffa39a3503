"""Workers that end by their own error."""

import subprocess
import sys
from pathlib import Path

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


def test_what_a_worker_took_until_it_crashed_is_counted(tmp_path: Path) -> None:
    """Between two samples, too: one that crashes within half a second is in hardly any."""
    sampler, again = Sampler(lambda: Depth(0, 0, 0)), burning(tmp_path)
    children = [burning(tmp_path), again]
    for child in children:
        sampler.watch("workers", child.pid)
    workers = Workers(children[:1], lambda *_: [again], sampler)
    workers.keep_up()
    while len(workers.crashes) < 2:
        workers.check()
    assert sampler.look()["workers"].cpu_s >= 0.58
