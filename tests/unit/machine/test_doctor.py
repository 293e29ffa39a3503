"""The doctor: facts in, findings out; what is unreadable is said to be so."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from harness.cli.matrix import Framework, Matrix
from harness.machine import cgroup, environment
from harness.machine.doctor import brokers, cells, database, hardware, noise, page, profilers
from harness.machine.doctor.findings import Finding, Mark
from harness.machine.reading import UNREADABLE
from harness.store import database as store
from infrastructure import redis
from infrastructure.errors import BenchError, StoreError
from infrastructure.processes.folder import OWNER, TrialFolder, spool_of

MATRIX = Matrix(
    ("3.12", "9.9"),
    {"asynctasq": Framework("asynctasq", "", (), ("1.7.0",), ("redis",))},
    ("asynctasq",),
    (),
    (),
)


def by_item(findings: list[Finding]) -> dict[str, Finding]:
    return {f.item: f for f in findings}


def test_pythons_found_and_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "find_python", {"3.12": "/opt/python3.12", "9.9": None}.get)
    here, absent = cells.pythons(MATRIX)
    assert (here.mark, here.found) == (Mark.OK, "/opt/python3.12")
    assert absent.mark is Mark.MISSING
    assert "pyenv install 9.9" in absent.advice


def test_a_cell_without_its_lock(tmp_path: Path) -> None:
    locks = {"asynctasq": tmp_path / "a.txt", "asynctasq-1.6.0": tmp_path / "b.txt"}
    locks["asynctasq"].touch()
    found = cells.locked("asynctasq", locks)
    assert (found.mark, found.found) == (Mark.MISSING, "no lock for asynctasq-1.6.0")
    assert found.advice == "nox -s lock"
    locks["asynctasq-1.6.0"].touch()
    assert cells.locked("asynctasq", locks).mark is Mark.OK


def test_a_server_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(_provider: str) -> str:
        raise BenchError("no server in the wheel for this platform\nmore words")

    monkeypatch.setattr(redis, "find", absent)
    native, embedded = (brokers.server("redis", name) for name in ("native", "embedded"))
    assert (native.item, native.mark, native.found) == ("redis, native", Mark.ABSENT, "not here")
    assert native.advice == "nox -s infra -- install redis"
    assert embedded.advice == "no server in the wheel for this platform"


def test_a_missing_provider_matters_only_where_no_other_works() -> None:
    absent = Finding(Mark.ABSENT, "redis, native", "not here", "install it")
    here = Finding(Mark.OK, "redis, embedded", "")
    assert brokers.judged([here, absent]) == [here, absent]
    assert [f.mark for f in brokers.judged([absent, absent])] == [Mark.WARNING] * 2
    broken = Finding(Mark.WARNING, "redis, embedded", "", "does not run")
    assert [f.mark for f in brokers.judged([broken, absent])] == [Mark.WARNING] * 2


def answer(code: int, error: str = "") -> Callable[..., Any]:
    def run(*_: object, **__: object) -> object:
        return SimpleNamespace(returncode=code, stderr=error, stdout="py-spy 9\n")

    return run


@contextmanager
def no_child() -> Any:
    yield 1


@pytest.mark.parametrize(
    ("code", "error", "mark"),
    [(0, "", Mark.OK), (1, "Permission Denied: Try running again", Mark.WARNING)],
)
def test_py_spy_says_what_decides_it(
    monkeypatch: pytest.MonkeyPatch, code: int, error: str, mark: Mark
) -> None:
    monkeypatch.setattr(profilers, "sleeping_child", no_child)
    monkeypatch.setattr(subprocess, "run", answer(code, error))
    found = profilers.py_spy()
    assert found.mark is mark
    assert error in found.found
    for fact in (f"uid {os.getuid()}", "CapEff", "ptrace_scope"):
        assert fact in found.found
    assert ("ptrace_scope=0" in found.advice) is (mark is Mark.WARNING)


def test_without_memray_nothing_else_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "memray", None)
    (found,) = profilers.profilers(MATRIX)
    assert (found.item, found.mark) == ("memray", Mark.MISSING)


@pytest.mark.parametrize(
    ("finding", "mark"),
    [
        (hardware.clock_source("tsc"), Mark.OK),
        (hardware.clock_source("hpet"), Mark.WARNING),
        (hardware.clock_source(UNREADABLE), Mark.WARNING),
        (hardware.governor("performance"), Mark.OK),
        (hardware.governor("powersave"), Mark.WARNING),
        (hardware.quota("max 100000"), Mark.OK),
        (hardware.quota("150000 100000"), Mark.WARNING),
        (noise.pressure("0.10"), Mark.OK),
        (noise.pressure("5.00"), Mark.WARNING),
        (noise.pressure(UNREADABLE), Mark.WARNING),
        (noise.counter("steal", {"steal_percent": "2.00"}, "steal_percent", ""), Mark.OK),
        (noise.counter("steal", {"steal_percent": "2.10"}, "steal_percent", ""), Mark.WARNING),
        (noise.load(0.9, 2), Mark.OK),
        (noise.load(1.1, 2), Mark.WARNING),
        (hardware.cores({"cores": "8", "affinity": "3"}), Mark.WARNING),
        (hardware.cores({"cores": "2", "affinity": "0,1"}), Mark.OK),
    ],
)
def test_thresholds(finding: Finding, mark: Mark) -> None:
    assert finding.mark is mark
    assert finding.advice or mark is Mark.OK


def test_a_quota_is_said_in_cores() -> None:
    assert hardware.quota("150000 100000").found == "1.5 cores"


def test_what_cannot_be_read_is_said_to_be_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (environment, cgroup):
        monkeypatch.setattr(module, "read", lambda _path: UNREADABLE)
    monkeypatch.setattr(hardware, "commit", lambda: UNREADABLE)
    found = by_item(hardware.machine(MATRIX))
    for item in (
        "CPU",
        "CPU quota",
        "clock",
        "governor",
        "virtualisation",
        "commit of the harness",
    ):
        assert found[item].found == UNREADABLE
    monkeypatch.setattr(noise, "NOISE_S", 0.01)
    assert by_item(noise.noise(MATRIX))["CPU pressure"].found == UNREADABLE


def test_a_look_that_fails_is_a_finding() -> None:
    def broken(_matrix: Matrix) -> list[Finding]:
        raise OSError("no /proc here")

    (found,) = page.look(broken, MATRIX)
    assert found.mark is Mark.MISSING
    assert found.found == f"{UNREADABLE}: OSError: no /proc here"


def test_a_database_by_its_states(tmp_path: Path) -> None:
    path = tmp_path / "r.duckdb"
    assert "not there yet" in database.state(path).found
    with store.open_database(path):
        pass
    assert database.state(path).found.endswith("trials: none")
    path.write_bytes(b"not a database")
    assert database.state(path).mark is Mark.MISSING


def test_a_database_of_a_newer_schema(tmp_path: Path) -> None:
    path = tmp_path / "r.duckdb"
    with store.open_database(path):
        pass
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE schema_version SET version = 999")
    found = database.state(path)
    assert found.mark is Mark.MISSING
    assert "schema 999" in found.found
    with pytest.raises(StoreError), store.open_database(path, read_only=True):
        pass


def test_a_folder_that_refuses_files(tmp_path: Path) -> None:
    assert database.folder(tmp_path).mark is Mark.OK
    assert database.folder(tmp_path / "none").mark is Mark.MISSING


def test_low_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=2**20))
    assert database.disk(tmp_path).mark is Mark.WARNING


def test_leftovers_and_running_trials(tmp_path: Path) -> None:
    path = tmp_path / "r.duckdb"
    assert database.spool(path).mark is Mark.OK
    running = TrialFolder.create(spool_of(path), "now", {})
    assert "now running: now" in database.spool(path).found
    running.remove()
    stale = spool_of(path) / "killed"
    stale.mkdir()
    (stale / OWNER).touch()
    assert (database.spool(path).mark, database.spool(path).found) == (
        Mark.WARNING,
        "killed",
    )


OK, GONE = Finding(Mark.OK, "redis, native", ""), Finding(Mark.WARNING, "redis, embedded", "")


@pytest.mark.parametrize(
    ("pythons", "brokers", "runs"),
    [
        ([Mark.OK], [OK, GONE], True),
        ([Mark.MISSING], [OK], False),
        ([Mark.MISSING, Mark.OK], [GONE], False),
        ([Mark.OK], [GONE, Finding(Mark.OK, "redis, url", "")], False),
    ],
)
def test_a_bench_needs_a_python_and_a_redis(
    pythons: list[Mark], brokers: list[Finding], runs: bool
) -> None:
    found = {
        "Pythons": [Finding(m, "Python 3.12", "") for m in pythons],
        "Brokers": brokers,
        "Database": [],
    }
    assert page.can_run(found) is runs
    assert ("bench-3.12(asynctasq)" in page.verdict(MATRIX, found)) is runs
