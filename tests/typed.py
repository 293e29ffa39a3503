"""Commands as somebody types them."""

import argparse
from collections.abc import Sequence

from harness.cli.matrix import read_matrix
from harness.commands import COMMANDS


def typed(command: str, words: Sequence[str]) -> argparse.Namespace:
    """The options of ``nox -s COMMAND -- WORDS``. Raises UsageError."""
    return COMMANDS[command].parse(words, read_matrix())
