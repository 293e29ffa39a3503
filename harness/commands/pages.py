"""What ``report``, ``publish`` and ``flamegraph`` share: they write pages of a database."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from harness.cli.command import Command
from harness.cli.options import add_database
from harness.cli.parser import Parser, folder

if TYPE_CHECKING:
    from rich.console import Console


class WritesPages(Command):
    """``out``: the folder to write to, where nobody names one."""

    out = "report"

    def add_pages(self, parser: Parser) -> None:
        """Of which database they are, and where they go."""
        add_database(parser)
        parser.add_argument(
            "--out", type=folder, default=Path(self.out), help=f"folder to write to ({self.out})"
        )


@contextmanager
def writing(options: argparse.Namespace) -> Iterator["Console"]:
    """The terminal; raises BenchError where the folder cannot be written meanwhile."""
    from rich.console import Console

    from harness.report.files import written_into

    with written_into(options.out):
        yield Console(highlight=False, soft_wrap=True)


def told(console: "Console", page: Path, words: str, how: str = "") -> None:
    """Say what is there, and ``how`` to see it."""
    console.print(f"{page}: {words} · open it in a browser{how}")
