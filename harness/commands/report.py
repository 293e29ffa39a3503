"""``report``: one page of the latest figures, or of one experiment."""

import argparse

from harness.cli.command import Command
from harness.cli.matrix import Matrix
from harness.cli.options import add_pages
from harness.cli.parser import Parser


class Report(Command):
    name = "report"
    help = "Write report/index.html and its charts from results.duckdb."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add_pages(parser, "report")
        parser.add_argument(
            "--experiment", metavar="ID", help="of this one only (the latest of each arm)"
        )

    def run(self, options: argparse.Namespace, _matrix: Matrix) -> int:
        from harness.report.page.build import report_command

        return report_command(options)


COMMAND = Report()
