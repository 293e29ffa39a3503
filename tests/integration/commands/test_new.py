"""A new adapter keeps its contract and measures as it stands."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.cli.adapters import own_framework
from harness.store.vocabulary import Status
from harness.trial.cell import Arm
from infrastructure.errors import UsageError
from tests.conftest import TINY
from tests.integration.trials import Trial
from tests.typed import run


def test_what_new_writes_works(on_broker: Callable[..., Arm], trial: Trial, tmp_path: Path) -> None:
    run("new", "framework", "mine", "--folder", str(tmp_path))
    with pytest.raises(UsageError, match=r"mine\.py is there already"):
        run("new", "framework", "mine", "--folder", str(tmp_path))
    pytest_run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(pytest_run, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert own_framework(tmp_path / "mine.py").brokers == ("redis",)
    arm = replace(on_broker("raw", "redis"), adapter=str(tmp_path / "mine.py"))
    outcome = trial(arm, "throughput", size=TINY)
    assert outcome.status is Status.OK, f"{outcome.reason}\n{outcome.trial.log_tail}"


def test_a_new_framework_needs_a_name_of_its_own(tmp_path: Path) -> None:
    for name in ("celery", "my-queue"):
        with pytest.raises(UsageError, match="no framework yet"):
            run("new", "framework", name, "--folder", str(tmp_path))
