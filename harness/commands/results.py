"""``results``: the latest figures of every arm and the latest verdicts, in the terminal."""

import argparse

from harness.cli.command import Command
from harness.cli.matrix import Matrix
from harness.cli.options import add_database
from harness.cli.parser import Parser, one_of
from harness.cli.words import scenario_names


class Results(Command):
    name = "results"
    help = "Print the latest figures and verdicts, as a table with bars."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add_database(parser)
        names = scenario_names()
        parser.add_argument("scenario", nargs="?", type=one_of("scenario", names), help="only this")

    def run(self, options: argparse.Namespace, _matrix: Matrix) -> int:
        from harness.report.terminal.results import results_command

        return results_command(options)


COMMAND = Results()
