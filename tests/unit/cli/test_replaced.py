"""What another session built while this one waited for it is taken as it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.cli import environments, replaced
from harness.cli.matrix import OWN_LOCK, Cell, Matrix
from harness.cli.sources import Source

CELL = Cell("celery", "5.0.9", "3.12")  # which is not pinned
TREE = Source("celery", "path", "/tree", commit="c0ffee", digest="dirty")


@pytest.fixture
def arms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Their folder. Another session builds there, and is done when this one may."""

    @contextmanager
    def building(folder: Path) -> Iterator[None]:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / OWN_LOCK).write_text("celery==5.0.9")
        (folder / "celery-5.0.9.whl").touch()
        yield

    for module in (environments, replaced):
        monkeypatch.setattr(module, "ENVIRONMENTS", tmp_path)
    monkeypatch.setattr(replaced, "building", building)
    return tmp_path / "arms"


def nobody(*_: object) -> None:
    pytest.fail("made a second time")


def test_two_sessions_resolve_a_lock_once(
    arms: Path, matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    def built(name: str, _python: str) -> Path:
        (environments.ENVIRONMENTS / name).mkdir(parents=True)
        return environments.ENVIRONMENTS / name

    monkeypatch.setattr(replaced, "interpreter_of", lambda *_: "python3.12")
    monkeypatch.setattr(replaced, "built", built)
    monkeypatch.setattr(replaced, "resolve", nobody)
    monkeypatch.setattr(replaced, "sync_cell", lambda *_: None)
    executable = replaced.build_replaced(matrix, CELL)
    assert executable.is_relative_to(arms)
    assert (executable.parents[1] / OWN_LOCK).read_text() == "celery==5.0.9"


def test_two_sessions_build_a_wheel_once(arms: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaced, "build_wheel", nobody)
    assert replaced.wheel_of(TREE, "3.12").is_relative_to(arms / "wheels")
