"""Rows of profiler passes."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from harness.store.vocabulary import Purpose
from harness.trial.profilers.folded import short
from harness.trial.profilers.heap import Peak
from harness.trial.profilers.memray import Memray
from harness.trial.profilers.pyspy import PySpy
from harness.trial.profilers.tools import PROFILERS
from infrastructure.processes.folder import TrialFolder
from infrastructure.root import ROOT


def test_every_profiler_is_the_purpose_of_its_passes() -> None:
    assert {purpose: tool.tool for purpose, tool in PROFILERS.items()} == {
        Purpose.PY_SPY: Purpose.PY_SPY,
        Purpose.MEMRAY: Purpose.MEMRAY,
    }


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "profiles" / "t-001"


def test_files_are_named_from_the_databases_folder(folder: TrialFolder, target: Path) -> None:
    row = Memray("t-001", folder, target).profile(7, 12, [target / "memray-0.html"], 1000)
    assert json.loads(row["files"]) == ["profiles/t-001/memray-0.html"]
    assert (row["status"], row["reason"], row["peak_bytes"]) == ("ok", None, 1000)
    assert (row["tool"], row["pid"], row["samples"]) == ("memray", 7, 12)


def test_what_could_not_be_looked_at_has_no_figures(folder: TrialFolder, target: Path) -> None:
    row = PySpy("t-001", folder, target).unavailable("ptrace_scope 1")
    assert (row["status"], row["reason"]) == ("profiler_unavailable", "ptrace_scope 1")
    assert (row["samples"], row["peak_bytes"], row["files"]) == (None, None, "[]")


def test_memray_is_put_between_the_interpreter_and_the_module(
    folder: TrialFolder, target: Path
) -> None:
    command = Memray("t-001", folder, target).command(["python", "-m", "celery", "worker"], 1)
    assert command[:4] == ["python", "-m", "memray", "run"]
    assert command[-3:] == ["-m", "celery", "worker"]
    assert str(folder.path / "memray-1.bin") in command
    assert PySpy("t-001", folder, target).command(["python"], 0) == ["python"]


def test_workers_that_left_no_capture_say_so(folder: TrialFolder, target: Path) -> None:
    found = Memray("t-001", folder, target).collect()
    assert [row["reason"] for row in found.profiles] == ["the workers left no capture"]
    assert (found.stacks, found.allocations) == ([], [])


def test_a_capture_that_cannot_be_read_is_a_row(folder: TrialFolder, target: Path) -> None:
    (folder.path / "memray-0.bin").write_bytes(b"half")
    (row,) = Memray("t-001", folder, target).collect().profiles
    assert row["reason"].startswith("memray-0.bin: ")


class Record:
    """An allocation as memray tells it, the innermost frame first."""

    def __init__(self, size: int, allocations: int, *frames: tuple[str, str, int]) -> None:
        self.size, self.n_allocations, self._frames = size, allocations, frames

    def stack_trace(self) -> Sequence[tuple[str, str, int]]:
        return self._frames


class Reader:
    def __init__(self, *records: Record) -> None:
        self._records = records

    def get_high_watermark_allocation_records(self, **_asked: Any) -> Sequence[Record]:
        return self._records


def test_the_peak_is_summed_by_stack_and_by_place() -> None:
    peak = Peak()
    inner, outer = ("loads", "/x/lib/python3.12/json/__init__.py", 3), ("main", "/app.py", 1)
    peak.add(Reader(Record(100, 2, inner, outer), Record(7, 1)))
    peak.add(Reader(Record(50, 1, inner, outer), Record(60, 1, outer)))
    assert peak.stacks == {
        "main (/app.py:1);loads (json/__init__.py:3)": 150,
        "main (/app.py:1)": 60,
    }
    first, second = peak.rows({"trial_id": "t"}, 9)
    assert (first["function"], first["line"], first["bytes"], first["count"]) == (
        "loads",
        3,
        150,
        3,
    )
    assert (second["function"], second["trial_id"]) == ("main", "t")
    assert len(peak.rows({}, 1)) == 1


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/x/lib/python3.12/site-packages/redis/client.py", "redis/client.py"),
        ("/x/lib/python3.12/asyncio/base.py", "asyncio/base.py"),
        (f"{ROOT}/tasks/probe.py", "tasks/probe.py"),
        ("/elsewhere/app.py", "/elsewhere/app.py"),
    ],
)
def test_paths_are_cut_to_what_is_imported(path: str, shown: str) -> None:
    assert short(f"f ({path}:1)") == f"f ({shown}:1)"
