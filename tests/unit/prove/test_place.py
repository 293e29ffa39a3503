"""Where cells are tried: nothing stays, whoever ends the harness."""

import os
import time
from pathlib import Path

import pytest

from harness.prove.place import PREFIX, trying_place
from infrastructure.processes.folder import JUST_S, OWNER


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of temporary files."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def made(place: Path, name: str, *, age_s: float = 2 * JUST_S) -> Path:
    """A folder as a killed harness leaves it."""
    folder = place / f"{PREFIX}{name}"
    folder.mkdir()
    (folder / "cells.duckdb").touch()
    then = time.time() - age_s
    os.utime(folder, (then, then))
    return folder


def test_what_is_done_in_it_is_gone(place: Path) -> None:
    with trying_place() as folder:
        assert folder.parent == place
        (folder / "cells.duckdb").touch()
    assert not list(place.iterdir())


def test_what_a_killed_harness_left_is_removed(place: Path) -> None:
    """With an owner that is gone, and before it had one; another that tries cells stays."""
    gone = made(place, "gone")
    (gone / OWNER).touch()
    without = made(place, "without")
    just = made(place, "just", age_s=0)
    other = place / "bench-of-another"
    other.mkdir()
    with trying_place() as first, trying_place() as second:
        assert first.exists()
        assert second.exists()
    assert not gone.exists()
    assert not without.exists()
    assert just.exists()
    assert other.exists()
