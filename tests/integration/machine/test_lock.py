"""One machine, one bench: processes that share a lock."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.cli.matrix import Matrix
from harness.commands import COMMANDS
from harness.machine.lock import VARIABLE, machine_lock
from infrastructure.errors import BenchError
from infrastructure.root import ROOT

HOLD = """
from harness.machine.lock import machine_lock
with machine_lock("nox", wait=False):
    print("taken", flush=True)
    input()
"""


@pytest.fixture
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "lock"))
    return dict(os.environ)


@pytest.mark.usefixtures("surroundings")
def test_a_killed_bench_keeps_nobody_from_the_machine() -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", HOLD], cwd=ROOT, text=True, **pipes) as killed:  # type: ignore[call-overload]
        assert killed.stdout.readline() == "taken\n"
        killed.kill()
    with machine_lock("nox", wait=False):
        pass


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["bench", "stub", "1.0", "3.12", "/no/such/python"], 4),
        (["compare", "stub", "stub", "--aa"], 4),
    ],
    ids=["bench", "compare"],
)
def test_a_second_bench_ends_before_anything_starts(
    words: list[str], code: int, surroundings: dict[str, str], tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "harness", *words, "--db", str(tmp_path / "r.duckdb")]
    with machine_lock("nox", wait=False):
        done = subprocess.run(
            command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False
        )
    assert f"another bench measures on this machine (process {os.getpid()}" in done.stderr
    assert done.returncode == code
    assert not (tmp_path / "r.duckdb").exists()


@pytest.mark.usefixtures("surroundings")
def test_a_plan_is_shown_beside_a_bench(matrix: Matrix) -> None:
    with (
        machine_lock("nox", wait=False),
        pytest.raises(BenchError, match="its cell was not built"),
    ):
        COMMANDS["compare"].main(["stub", "stub", "--aa", "--dry-run"], matrix)
