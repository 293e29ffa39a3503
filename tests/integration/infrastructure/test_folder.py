"""Clean-up spares what is not ours."""

import subprocess
import time
from pathlib import Path

from infrastructure.processes.folder import end_processes


def test_end_processes_spares_a_reused_pid(tmp_path: Path) -> None:
    """A session listed with another start time is not ours any more."""
    bystander = subprocess.Popen(["sleep", "30"], start_new_session=True)
    try:
        (tmp_path / "sessions").write_text(f"{bystander.pid} {time.time() + 1000} broker\n")
        assert end_processes(tmp_path) == 0
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()
