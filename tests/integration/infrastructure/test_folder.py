"""Clean-up spares what is not ours, and finds what is, whatever the clock says."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from infrastructure.processes.born import Born, born
from infrastructure.processes.folder import end_processes, is_owned, session_members


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as process:
        yield process
        process.kill()


def began(pid: int) -> Born:
    found = born(pid)
    assert found
    return found


@pytest.mark.parametrize("of", ["a later process", "another boot", "an unknown form"])
def test_end_processes_spares_a_number_that_was_given_again(
    tmp_path: Path, sleeper: subprocess.Popen[bytes], of: str
) -> None:
    mine = began(sleeper.pid)
    noted = {
        "a later process": str(mine._replace(ticks=mine.ticks + 100)),
        "another boot": str(mine._replace(boot="x")),
        "an unknown form": "1764312345.25",
    }[of]
    (tmp_path / "sessions").write_text(f"{sleeper.pid} {noted} broker\n")
    assert end_processes(tmp_path) == 0
    assert sleeper.poll() is None


@pytest.mark.parametrize("step_s", [-86400, 86400])
def test_a_step_of_the_clock_hides_no_process(
    tmp_path: Path,
    sleeper: subprocess.Popen[bytes],
    monkeypatch: pytest.MonkeyPatch,
    step_s: float,
) -> None:
    """What is computed from the clock moves with it; the kernel's ticks do not."""
    (tmp_path / "sessions").write_text(f"{sleeper.pid} {began(sleeper.pid)} workers\n")
    now, booted, created = time.time, psutil.boot_time, psutil.Process.create_time
    monkeypatch.setattr(time, "time", lambda: now() + step_s)
    monkeypatch.setattr(psutil, "boot_time", lambda: booted() + step_s)
    monkeypatch.setattr(psutil.Process, "create_time", lambda self: created(self) + step_s)
    assert [p.pid for p in session_members(sleeper.pid, began(sleeper.pid))] == [sleeper.pid]
    assert end_processes(tmp_path) == 1
    sleeper.wait(10)


def test_a_folder_from_after_the_clock_was_set_back_is_a_leftover(tmp_path: Path) -> None:
    assert is_owned(tmp_path)  # made this instant: its owner comes
    later = time.time() + 3600
    os.utime(tmp_path, (later, later))
    assert not is_owned(tmp_path)
