"""``selfbench``: what the harness itself costs."""

import argparse
from collections.abc import Sequence

from harness.cli.command import Command
from harness.cli.interpreters import first_python
from harness.cli.matrix import Cell, Matrix
from harness.cli.options import add_cells, add_database
from harness.cli.parser import Parser


class WithNewest(Command):
    """A command that measures with the newest cell of each framework of the quickstart."""

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add_database(parser)
        parser.add_argument("--quick", action="store_true", help="smaller samples")
        add_cells(parser)

    def cells(self, _options: argparse.Namespace, matrix: Matrix) -> Sequence[Cell]:
        return matrix.newest(matrix.quickstart, first_python(matrix.pythons))


class Selfbench(WithNewest):
    name = "selfbench"
    help = (
        "Measure the harness itself, with the newest cell of each framework, and store the figures."
    )

    def run(self, options: argparse.Namespace, _matrix: Matrix) -> int:
        from harness.prove.selfbench import selfbench_command

        return selfbench_command(options)


COMMAND = Selfbench()
