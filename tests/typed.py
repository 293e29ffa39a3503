"""Commands as somebody types them."""

import argparse
from collections.abc import Sequence

from harness.cli.matrix import read_matrix
from harness.commands import COMMANDS


def typed(command: str, words: Sequence[str]) -> argparse.Namespace:
    """The options of ``nox -s COMMAND -- WORDS``. Raises UsageError."""
    return COMMANDS[command].parse(words, read_matrix())


def run(command: str, *words: str) -> None:
    """``nox -s COMMAND -- WORDS``, which is to go well. Raises BenchError."""
    assert COMMANDS[command].main(words, read_matrix()) == 0
