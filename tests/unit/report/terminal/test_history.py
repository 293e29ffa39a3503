"""What a series ends with on the terminal."""

from pathlib import Path

import pytest

from harness.report.terminal.history import show_history
from tests.made.databases import released
from tests.made.rows import filling


def test_releases_with_intervals_and_the_step_between_them(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with filling(database) as rows:
        released(rows)
    show_history(database, "history")
    said = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    [place] = [n for n, line in enumerate(said) if line.startswith("── step")]
    assert said[place].startswith("── step × 0.500 0.480 – 0.520")
    assert said[place - 1].startswith("5.1 2025-06-01 2.02")
    assert said[place + 1].startswith("5.2 2025-11-30 1.00")
    assert any("throughput, times that of celery 5.3" in line for line in said)


def test_nothing_sound_is_nothing_shown(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(database) as rows:
        rows.experiment("empty", command="series")
        rows.trial("empty", "celery", arm_number=2, status="gap", reason="does not install")
    show_history(database, "empty")
    assert capsys.readouterr().out == ""
