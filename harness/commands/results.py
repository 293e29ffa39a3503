"""``results``: the latest figures of every arm and the latest verdicts, in the terminal."""

import argparse
import json

from harness.cli.command import Command
from harness.cli.matrix import Matrix
from harness.cli.options import add_database
from harness.cli.parser import Parser, one_of
from harness.cli.prices import read_prices
from harness.cli.words import scenario_names

PLAIN_WIDTH = 160  # columns where nobody says how many there are: a file, a pipe


class Results(Command):
    name = "results"
    help = "Print the latest figures and verdicts, as a table with bars."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add_database(parser)
        names = scenario_names()
        parser.add_argument("scenario", nargs="?", type=one_of("scenario", names), help="only this")
        parser.add_argument("--all", action="store_true", help="every arm, load and verdict")
        parser.add_argument("--json", action="store_true", help="the answer as JSON")
        parser.add_argument(
            "--markdown", action="store_true", help="a table per scenario of all arms and loads"
        )

    def run(self, options: argparse.Namespace, _matrix: Matrix) -> int:
        from rich.console import Console

        from harness.report.answer.document import document
        from harness.report.answer.ranking import kills, rankings
        from harness.report.terminal.latest import read
        from harness.report.terminal.markdown import in_markdown
        from harness.report.terminal.results import pieces

        found = read(options.db, options.scenario)
        if options.json:
            print(json.dumps(document([*rankings(found), *kills(found)]), indent=1))
            return 0
        if options.markdown:
            print(in_markdown(found, read_prices()), end="")
            return 0
        console = Console(highlight=False)
        if not console.is_terminal:
            console = Console(highlight=False, width=PLAIN_WIDTH)
        for piece in pieces(found, whole=options.all, tables=options.scenario is not None):
            console.print(piece)
        return 0


COMMAND = Results()
