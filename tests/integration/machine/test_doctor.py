"""The doctor asks programs, and one real run of it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from harness.cli.matrix import Matrix
from harness.commands import COMMANDS
from harness.machine.doctor import brokers, cells, noise, page, profilers
from harness.machine.doctor.findings import Finding, Mark
from infrastructure import redis
from infrastructure.root import ROOT
from tests.made.databases import fill
from tests.made.rows import made
from tests.unit.machine.test_doctor import MATRIX, OK, by_item


def script(path: Path, body: str) -> str:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("body", "mark", "found"),
    [
        ("echo Redis server v=7.0.15 sha=0", Mark.OK, "7.0.15, {path}"),
        ("echo too old >&2; exit 1", Mark.WARNING, "{path}"),
    ],
)
def test_a_server_is_asked_for_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, mark: Mark, found: str
) -> None:
    path = script(tmp_path / "server", body)
    monkeypatch.setattr(redis, "find", lambda _provider: path)
    seen = brokers.server("redis", "native")
    assert (seen.mark, seen.found) == (mark, found.format(path=path))
    assert ("too old" in seen.advice) is (mark is Mark.WARNING)


def test_an_absent_provider_is_no_warning() -> None:
    found = {
        "Pythons": [Finding(Mark.OK, "Python 3.12", "")],
        "Brokers": [OK, Finding(Mark.ABSENT, "redis, embedded", "", "")],
        "Database": [],
    }
    assert "warning" not in page.verdict(MATRIX, found)


def test_the_engine_is_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = tmp_path / "calls"
    script(tmp_path / "docker", f'echo "$*" >> {calls}; echo 28.2.2')
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    found = by_item(brokers.brokers(MATRIX))
    assert found["redis, docker"].mark is Mark.OK
    assert re.fullmatch(r"redis:7\.\S+, by Docker 28\.2\.2", found["redis, docker"].found)
    assert "any, docker" not in found
    assert calls.read_text().split("\n").count("compose version") == 1
    script(tmp_path / "docker", "echo cannot connect >&2; exit 1")
    found = by_item(brokers.brokers(MATRIX))
    assert "redis, docker" not in found
    assert found["any, docker"].mark is Mark.ABSENT
    assert "cannot connect" in found["any, docker"].advice


def test_the_sleeping_child_is_gone_afterwards() -> None:
    with profilers.sleeping_child() as pid:
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_no_python_is_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(cells, "find_python", lambda _version: None)
    monkeypatch.setattr(noise, "NOISE_S", 0.01)
    assert COMMANDS["doctor"].main(["--db", str(tmp_path / "r.duckdb")], MATRIX) == 1
    assert "No bench can run here yet" in capsys.readouterr().out


def test_a_database_that_is_cut_short_is_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = made(tmp_path, fill)
    os.truncate(path, path.stat().st_size * 9 // 10)
    monkeypatch.setattr(noise, "NOISE_S", 0.01)
    monkeypatch.setenv("COLUMNS", "400")
    assert COMMANDS["doctor"].main(["--db", str(path)], MATRIX) == 1
    said = capsys.readouterr().out
    assert "the file is cut short" in said
    assert "No bench can be stored here" in said


def test_a_real_run(tmp_path: Path, matrix: Matrix) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "harness", "doctor", "--db", str(tmp_path / "r.duckdb")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "200"},
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for title in ("Pythons", "Locks", "Brokers", "Profilers", "Machine", "Noise", "Database"):
        assert title in done.stdout
    for version in matrix.pythons:
        assert f"Python {version}" in done.stdout
    assert list(tmp_path.iterdir()) == []  # looking leaves nothing behind
