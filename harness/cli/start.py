"""What a session does before the harness starts, in nox and in ``taskqueue-bench``: read the words,
build what they need.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from harness.cli.adapters import with_adapters, with_installed
from harness.cli.command import Command
from harness.cli.emulator import install_sqs
from harness.cli.environments import build_cell
from harness.cli.host import ask_harness
from harness.cli.matrix import Cell, Matrix
from harness.cli.replaced import build_replaced
from harness.cli.sources import anchored


@dataclass(frozen=True)
class Typed:
    """A command's words, every file in full, and the matrix with the frameworks that they add."""

    command: Command
    words: Sequence[str]
    matrix: Matrix

    @classmethod
    def read(cls, command: Command, words: Sequence[str], matrix: Matrix, folder: Path) -> "Typed":
        """``folder``: where somebody stands. Raises UsageError."""
        found = with_installed(command.placed(anchored(words, folder), folder), matrix)
        own = with_adapters(matrix, found)
        typed = cls(command, found, own)
        _ = typed.options  # which refuses what is wrong
        return typed

    @cached_property
    def options(self) -> argparse.Namespace:
        """Raises UsageError."""
        return self.command.parse(self.words, self.matrix)

    def prepare(self) -> list[str]:
        """Build what the words need; the words that name its cells. Raises BenchError."""
        if "sqs" in self.command.brokers(self.options, self.matrix):
            install_sqs(self.matrix)
        named = []
        for cell in self.cells():
            executable = cell_python(self.matrix, cell)
            named += ["--cell", cell.framework, cell.version, cell.python, str(executable)]
        return named

    def cells(self) -> Sequence[Cell]:
        if not self.command.stored(self.options):
            return self.command.cells(self.options, self.matrix)
        lines = ask_harness(self.matrix, "needs", self.command.name, *self.words).splitlines()
        return [Cell.read(line) for line in lines]


def cell_python(matrix: Matrix, cell: Cell) -> Path:
    """Build a cell; its interpreter. Raises UsageError, or BenchError where it cannot be built."""
    own = cell.sources or cell.requires or matrix.frameworks[cell.framework].adapter
    if own or not matrix.pinned(cell):
        return build_replaced(matrix, cell)
    return build_cell(matrix, cell)
