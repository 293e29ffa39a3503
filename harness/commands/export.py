"""``export``: the database as files for other programs."""

import argparse
import time
from pathlib import Path

from harness.cli.command import Command
from harness.cli.matrix import Matrix
from harness.cli.options import add_database, add_scenarios
from harness.cli.parser import Parser, folder, one_of
from infrastructure.counted import counted
from infrastructure.errors import BenchError

FORMATS = ["csv", "json", "parquet"]


class Export(Command):
    name = "export"
    help = "Write trials, raw timings, verdicts and analysis_report.json into results/."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add_scenarios(parser, "all")
        add_database(parser)
        add = parser.add_argument
        add("--format", type=one_of("format", FORMATS), default="csv", help="of the tables (csv)")
        add("--out", type=folder, default=Path("results"), help="folder of the files (results)")
        add("--no-timings", action="store_true", help="leave the raw stamps of tasks out")

    def run(self, options: argparse.Namespace, _matrix: Matrix) -> int:
        import duckdb
        from rich.console import Console

        from harness.report.export.analysis import REPORT
        from harness.report.export.export import export

        console = Console(highlight=False, soft_wrap=True)
        begun = time.monotonic()
        try:
            files = export(
                options.db,
                options.out,
                options.format,
                options.scenario,
                console,
                timings=not options.no_timings,
            )
        except (OSError, duckdb.Error) as error:
            raise BenchError(
                f"the export to {options.out} broke off: {error}\nNo partial file is left, and no "
                f"{REPORT}: free some space or name another folder with --out."
            ) from None
        rows = sum(file.rows for file in files)
        console.print(
            f"{options.out / REPORT}: {counted(len(files), 'file')} beside it, {rows:,} rows in "
            f"{time.monotonic() - begun:.1f} s · docs/exports.md says what is in them"
        )
        return 0


COMMAND = Export()
