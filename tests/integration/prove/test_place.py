"""What a killed harness left running where it tried cells."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from harness.prove.place import PREFIX, trying_place
from infrastructure.processes.folder import TrialFolder, spool_of
from infrastructure.processes.role import Role


def test_what_still_runs_there_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = tmp_path / f"{PREFIX}left"
    trial = TrialFolder.create(spool_of(left / "cells.duckdb"), "t-001", {})
    sleeping = [sys.executable, "-c", "import time; time.sleep(60)"]
    with subprocess.Popen(sleeping, start_new_session=True) as process:
        trial.note_session(process.pid, Role.WORKERS)
        trial.release()
        os.utime(left, (0, 0))
        with trying_place():
            assert process.wait(10) == -signal.SIGKILL
    assert not list(tmp_path.iterdir())
