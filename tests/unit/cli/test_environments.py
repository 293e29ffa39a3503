"""What a cell is built on."""

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
