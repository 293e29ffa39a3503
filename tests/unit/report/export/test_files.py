"""What is said while a file is written."""

import time
from pathlib import Path

import pytest
from rich.console import Console

from harness.report.export import files
from harness.report.export.files import watched


def wait_for(console: Console, words: str) -> None:
    """Until another thread has printed them."""
    deadline = time.monotonic() + 30
    while words not in console.export_text(clear=False):
        assert time.monotonic() < deadline, f"{words!r} was not printed within 30 s"
        time.sleep(0.01)


def test_what_takes_long_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    console = Console(record=True, force_terminal=False, quiet=False)
    file = tmp_path / "latency.csv.partial"
    monkeypatch.setattr(files, "PATIENCE_S", 0.0)
    with watched(console, file, "timings/latency"):
        wait_for(console, "timings/latency: still writing")
    console.export_text()  # and forget it
    monkeypatch.setattr(files, "PATIENCE_S", 60.0)
    with watched(console, file, "verdicts"):
        pass
    assert console.export_text() == ""


def test_on_a_terminal_it_says_how_much_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    console = Console(record=True, force_terminal=True, width=80)
    file = tmp_path / "latency.csv.partial"
    file.write_bytes(bytes(3_000_000))
    monkeypatch.setattr(files, "PATIENCE_S", 0.0)
    monkeypatch.setattr(files, "STEP_S", 0.02)
    with watched(console, file, "timings/latency"):
        wait_for(console, "3 MB written")
