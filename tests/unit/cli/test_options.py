"""What may be typed: refused before anything starts, with the valid words and a suggestion."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.cli import matrix as matrix_module
from harness.cli.arms import soaked
from harness.cli.matrix import Matrix, find_python, is_python
from harness.cli.options import BODIES as OFFERED
from harness.cli.options import bench_parser, check_server, scenario_names, soak_parser
from harness.scenario.scenario import load_scenarios
from infrastructure.errors import UsageError
from infrastructure.root import ROOT
from scenarios.tuning import BODIES


def refusal(*arguments: str) -> str:
    with pytest.raises(UsageError) as refused:
        check_server(bench_parser(["redis"], ["threads"]).parse(arguments), "bench")
    assert refused.value.exit_code == 2
    return str(refused.value)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--scenario", "thoughput"], "did you mean 'throughput'? valid: antipatterns, "),
        (["--broker", "reddis"], "did you mean 'redis'?"),
        (["--trial", "3"], "did you mean '--trials'?"),
        (["--trials", "0"], "at least 1, found '0'"),
        (["--trials", "many"], "whole number"),
        (["--profile", "tunned"], "did you mean 'tuned'?"),
        (["--seed", "-1"], "whole number"),
        (["--db", "/no/such/folder/x.duckdb"], "no folder /no/such/folder"),
        (["--provider", "url"], "needs --broker-url"),
        (["--broker-url", "redis://h"], "goes with --provider url"),
        (["--yes-flush"], "goes with --provider url"),
        (["--durability", "none"], "valid: production, relaxed"),
        (["--durability", "relaxed", "--provider", "url", "--broker-url", "redis://h"], "as it is"),
        (["--variant", "thread"], "did you mean 'threads'?"),
        (["--body", "nop"], "did you mean 'noop'?"),
        (["--body", "wait", "--scenario", "latency"], "goes with --scenario tuning"),
        (["stray"], "unknown argument 'stray'"),
    ],
)
def test_wrong_values_are_refused(arguments: list[str], said: str) -> None:
    assert said in refusal(*arguments)


def test_defaults_are_the_documented_ones() -> None:
    parsed = bench_parser(["redis"], ["threads"]).parse([])
    assert (parsed.broker, parsed.provider, parsed.profile) == ("redis", "auto", "matched")
    assert parsed.scenario is None
    assert not parsed.quick


def test_scenarios_are_the_files() -> None:
    assert {"latency", "throughput", "recovery"} <= set(scenario_names())
    for name, scenario in load_scenarios().items():
        assert scenario.name == name


def test_the_matrix_names_its_sessions(matrix: Matrix) -> None:
    sessions = matrix.sessions()
    for expected in (
        "bench-3.12(asynctasq)", "bench-3.13(asynctasq)", "bench-3.14(celery)",
        "bench-3.12(asynctasq-1.6.0)", "bench-3.12(asynctasq-1.4.1)", "bench-3.13(celery-5.4.0)",
    ):  # fmt: skip
        assert expected in sessions


def test_every_cell_has_a_lock_with_hashes(matrix: Matrix) -> None:
    for cell in matrix.cells():
        text = cell.lock.read_text()
        pinned = [line for line in text.splitlines() if "==" in line]
        assert all(line.endswith("\\") for line in pinned)
        assert "://" not in text
        if requirement := matrix.frameworks[cell.framework].requirement:
            assert f"{requirement.partition('[')[0]}=={cell.version} " in text


def test_interpreters_are_found_by_running_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shim = tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    assert not is_python(str(shim), "3.12")
    assert is_python(sys.executable, "{}.{}".format(*sys.version_info))
    monkeypatch.setattr(matrix_module, "python_candidates", lambda _v: iter([str(shim), "/none"]))
    assert find_python("3.12") is None


def nox(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Type a nox command; without its own environment, this one has all it needs."""
    environment = {**os.environ, "NOX_SCRIPT_MODE": "none"}
    return subprocess.run(
        [sys.executable, "-m", "nox", *arguments], cwd=ROOT, env=environment, text=True,
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-s", "bench-3.12(asynctask)"], "did you mean 'bench-3.12(asynctasq)'?"),
        (["-s", "bench-3.12(celery-5.7.1)"], "did you mean 'bench-3.12(celery-5.7.0"),
        (["-s", "bench-3.12(celery)", "--", "--scenario", "latancy"], "did you mean 'latency'?"),
        (["-s", "bench-3.12(celery)", "--", "--frob"], "unknown argument '--frob'"),
        (["-s", "report", "--", "--format", "x"], "unknown argument '--format'"),
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


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "say how long: --hours 8"),
        (["--hours", "0"], "hours above 0, found '0'"),
        (["asynctask", "--hours", "1"], "did you mean 'asynctasq'?"),
        (["celery==9", "--hours", "1"], "not pinned"),
        (["--hour", "1"], "did you mean '--hours'?"),
        (["--hours", "1", "--rate", "0"], "at least 1"),
    ],
)
def test_a_wrong_soak_is_refused(arguments: list[str], said: str, matrix: Matrix) -> None:
    with pytest.raises(UsageError) as refused:
        soaked(soak_parser().parse(arguments), matrix)
    assert said in str(refused.value)


def test_a_soak_is_of_one_arm(matrix: Matrix) -> None:
    parsed = soak_parser().parse(["celery==5.4.0,python=3.13", "--hours", "0.25"])
    arm = soaked(parsed, matrix)
    assert (arm.framework, arm.version, arm.python, parsed.rate) == ("celery", "5.4.0", "3.13", 100)


def test_bodies_are_those_of_the_scenario() -> None:
    assert list(BODIES) == OFFERED
