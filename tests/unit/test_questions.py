"""The command that measures what users ask, in pieces of so many minutes."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.questions import Job, measure


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """The commands that were started, each of which ends at once."""
    found: list[Sequence[str]] = []
    monkeypatch.setattr("subprocess.run", lambda words, **_: found.append(words))
    return found


def test_a_piece_that_needs_more_minutes_says_how_many_and_they_are_enough(
    begun: list[Sequence[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    piece = Job("soak", "celery", 1, 1, tmp_path / "q.duckdb")
    measure([piece], 61)
    assert not begun
    said = capsys.readouterr().out
    assert "--minutes 61 is too short: soak of celery, whose next trial needs 61.9 min" in said
    typed, _, minutes = said.rpartition(" --minutes ")
    assert typed.endswith(f"--only soak --framework celery --db {tmp_path}/q.duckdb")
    measure([piece], float(minutes))
    [words] = begun
    assert words[:3] == ["nox", "-s", "soak"]
    assert "--max-time" not in words, "an hour is one trial: its workers start anew halfway"
    assert capsys.readouterr().out == ""
