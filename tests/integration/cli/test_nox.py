"""The sessions as a person types them: what is wrong is refused before an environment is built."""

import os
import re
import subprocess
import sys

import pytest

from harness.cli.interpreters import find_python
from harness.cli.matrix import Matrix
from harness.commands import COMMANDS
from infrastructure.root import ROOT


def nox(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Type a nox command; without its own environment, this one has all it needs."""
    environment = {**os.environ, "NOX_SCRIPT_MODE": "none"}
    return subprocess.run(
        [sys.executable, "-m", "nox", *arguments],
        cwd=ROOT,
        env=environment,
        text=True,
        capture_output=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-s", "bench-3.12(asynctask)"], "did you mean 'bench-3.12(asynctasq)'"),
        (["-s", "bench-3.12(celery-5.7.1)"], "did you mean 'bench-3.12(celery-5.7.0"),
        (["-s", "bench-3.12(celery)", "--", "--scenario", "latancy"], "did you mean 'latency'?"),
        (["-s", "bench-3.12(celery)", "--", "--frob"], "unknown argument '--frob'"),
        (["-s", "report", "--", "--format", "x"], "unknown argument '--format'"),
        (["-s", "quickstrat"], "did you mean 'quickstart'?"),
        (["-s", "quickstart", "--", "--frob"], "unknown argument '--frob'"),
        (["-s", "compare", "arq", "celery"], "nox -s compare -- arq celery"),
        (["-s", "lock", "--", "celry"], "did you mean 'celery'?"),
        (["-s", "flamegraph"], "name one profiled trial or arm, or two"),
    ],
)
def test_nox_exits_with_2_and_starts_nothing(arguments: list[str], said: str) -> None:
    done = nox(*arguments)
    assert done.returncode == 2
    assert said.replace("celery-5.7.0", "celery") in done.stderr or said in done.stderr
    assert "Running session" not in done.stderr


def test_a_missing_interpreter_is_named_and_fails(matrix: Matrix) -> None:
    absent = [python for python in matrix.pythons if find_python(python) is None]
    if not absent:
        pytest.skip("every declared Python is here")
    done = nox("-s", f"bench-{absent[0]}(stub)")
    assert done.returncode not in {0, 2}
    assert f"no Python {absent[0]} on PATH" in done.stderr
    assert f"bench-{absent[0]}(stub)" in done.stderr


def test_every_command_is_a_session_with_its_help() -> None:
    listed = nox("-l").stdout
    for command in COMMANDS.values():
        assert re.search(
            rf"^. {command.name}\b.* -> {re.escape(command.help)}$", listed, re.MULTILINE
        )
