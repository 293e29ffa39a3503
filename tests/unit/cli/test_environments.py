"""What a cell is built on, and an environment that two sessions build."""

import threading
from pathlib import Path

import pytest

from harness.cli import environments
from harness.cli.matrix import Cell, read_matrix
from infrastructure.errors import BenchError

CELL = Cell("raw", "1.0", "3.12")


@pytest.mark.parametrize(
    ("here", "said"),
    [
        ({}, "No Python 3.12, .* found on PATH .*PYENV_ROOT=FOLDER"),
        ({"3.13": "/p"}, "no Python 3.12 here; ask for one of: 3.13$"),
    ],
)
def test_a_python_that_is_not_here_is_told(
    monkeypatch: pytest.MonkeyPatch, here: dict[str, str], said: str
) -> None:
    monkeypatch.setattr(environments, "interpreters", lambda _: here)
    with pytest.raises(BenchError, match=said):
        environments.interpreter_of(read_matrix(), CELL)


def test_two_sessions_that_build_at_once_build_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As two workers of a cluster that are started in one clone at the same moment."""
    asked: list[str] = []
    begun, second_is_here = threading.Event(), threading.Event()

    def uv(word: str, *words: str) -> None:
        asked.append(word)
        if word == "venv":
            (Path(words[-1]) / "bin").mkdir(parents=True)
            (Path(words[-1]) / "bin" / "python").touch()
            begun.set()
            second_is_here.wait(5)

    def build() -> None:
        environments.sync(environments.built("cluster", "/usr/bin/python3"), lock)

    class Said:
        def write(self, text: str) -> None:
            if "waiting for another session" in text:
                second_is_here.set()

        def flush(self) -> None: ...

    lock = tmp_path / "cluster.txt"
    lock.write_text("dask==1\n")
    monkeypatch.setattr(environments, "ENVIRONMENTS", tmp_path / "built")
    monkeypatch.setattr(environments, "uv", uv)
    monkeypatch.setattr("sys.stderr", Said())
    sessions = [threading.Thread(target=build) for _ in range(2)]
    sessions[0].start()
    assert begun.wait(5)
    sessions[1].start()
    for session in sessions:
        session.join(10)
    assert second_is_here.is_set()
    assert asked == ["venv", "pip"]
