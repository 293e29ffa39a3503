"""A command: what can be typed as ``nox -s NAME -- WORDS``, and what it does.

The noxfile makes a session of each before any environment of ours exists. So a command's file
imports the standard library, ``harness.cli`` and ``infrastructure.errors`` only, and what the work
needs where the work is done.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from harness.cli.matrix import Cell, Matrix
from harness.cli.parser import Parser


class Command:
    """``name``, ``help`` (one line) and ``run`` are a command's own; the rest where it differs."""

    name: str
    help: str

    def options(self, parser: Parser, matrix: Matrix) -> None:
        """Add what may stand after ``--``."""

    def check(self, options: argparse.Namespace, matrix: Matrix) -> None:
        """Refuse what means nothing before anything starts. Raises UsageError."""

    def placed(self, words: list[str], _folder: Path) -> list[str]:
        """The words, with what where somebody stands adds to them."""
        return words

    def cells(self, _options: argparse.Namespace, _matrix: Matrix) -> Sequence[Cell]:
        """What nox has to build beforehand. Raises UsageError."""
        return ()

    def run(self, options: argparse.Namespace, matrix: Matrix) -> int:
        """The work; the exit code."""
        raise NotImplementedError

    def stored(self, _options: argparse.Namespace) -> bool:
        """Whether the database, and not the options, says what is to be measured."""
        return False

    def brokers(self, _options: argparse.Namespace, _matrix: Matrix) -> Sequence[str]:
        """Whose servers it starts, as far as the options say it: nox brings what one lacks."""
        return ()

    def parser(self, matrix: Matrix) -> Parser:
        parser = Parser(prog=self.name, description=self.help, allow_abbrev=False)
        self.options(parser, matrix)
        return parser

    def parse(self, words: Sequence[str], matrix: Matrix) -> argparse.Namespace:
        """Raises UsageError with what is wrong, what was found and the valid words."""
        options = self.parser(matrix).parse(words)
        self.check(options, matrix)
        return options

    def main(self, words: Sequence[str], matrix: Matrix) -> int:
        return self.run(self.parse(words, matrix), matrix)
