"""``export``: the database as files for other programs."""

import argparse
from pathlib import Path

from harness.cli.command import Command
from harness.cli.matrix import Matrix
from harness.cli.options import add_database, add_scenarios
from harness.cli.parser import Parser, folder, one_of

FORMATS = ["csv", "json", "parquet"]


class Export(Command):
    name = "export"
    help = "Write trials, raw timings, verdicts and analysis_report.json into results/."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add_database(parser)
        add = parser.add_argument
        add("--format", type=one_of("format", FORMATS), default="csv", help="of the tables (csv)")
        add("--out", type=folder, default=Path("results"), help="folder of the files (results)")
        add_scenarios(parser, "all")

    def run(self, options: argparse.Namespace, _matrix: Matrix) -> int:
        from harness.report.export.export import export_command

        return export_command(options)


COMMAND = Export()
