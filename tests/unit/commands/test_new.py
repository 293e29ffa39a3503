"""Where a new adapter is written."""

from pathlib import Path

import pytest

from harness.cli.matrix import Matrix
from harness.cli.start import Typed
from harness.commands import COMMANDS


@pytest.mark.parametrize(
    ("words", "place"), [((), ""), (("--folder", "sub"), "sub"), (("--folder=sub",), "sub")]
)
def test_it_is_written_where_somebody_stands(
    words: tuple[str, ...], place: str, matrix: Matrix, tmp_path: Path
) -> None:
    typed = Typed.read(COMMANDS["new"], ["framework", "mine", *words], matrix, tmp_path)
    assert typed.options.folder == tmp_path / place
