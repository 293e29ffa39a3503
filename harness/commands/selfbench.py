"""``selfbench``: what the harness itself costs."""

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from harness.cli.command import Command
from harness.cli.interpreters import first_python
from harness.cli.matrix import Cell, Matrix
from harness.cli.options import add_cells, add_database, add_wait
from harness.cli.parser import Parser
from harness.commands.measuring import alone

if TYPE_CHECKING:
    from harness.trial.cell import Arm


class WithNewest(Command):
    """A command that measures with the newest cell of each framework of the quickstart."""

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add_database(parser)
        add_wait(parser)
        parser.add_argument("--quick", action="store_true", help="smaller samples")
        add_cells(parser)

    def cells(self, _options: argparse.Namespace, matrix: Matrix) -> Sequence[Cell]:
        return matrix.newest(matrix.quickstart, first_python(matrix.pythons))


def arms_of(options: argparse.Namespace, brokers: Mapping[str, str]) -> list["Arm"]:
    """The cells that nox has built, each on the private server of its framework's broker."""
    from harness.trial.cell import Arm
    from infrastructure.brokers import BrokerChoice

    return [
        Arm(framework, version, python, executable, choice, "matched")
        for framework, version, python, executable in options.cell
        for choice in [BrokerChoice(brokers[framework], "embedded")]
    ]


class Selfbench(WithNewest):
    name = "selfbench"
    help = (
        "Measure the harness itself, with the newest cell of each framework, and store the figures."
    )

    def run(self, options: argparse.Namespace, matrix: Matrix) -> int:
        from harness.experiment.row import drawn_seed
        from harness.prove.selfbench.run import selfbench
        from harness.prove.selfbench.session import QUICK_SIZES, SelfbenchSession, Sizes

        sizes = QUICK_SIZES if options.quick else Sizes()
        arms = arms_of(options, dict.fromkeys(matrix.frameworks, "redis"))
        with alone(options):
            return selfbench(SelfbenchSession(options.db, arms, sizes, drawn_seed(None)))


COMMAND = Selfbench()
