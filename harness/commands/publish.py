"""``publish``: a static site of reports and their history."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from harness.cli.command import Command
from harness.cli.matrix import Matrix
from harness.cli.options import add_pages, usual_database
from harness.cli.parser import Parser, folder

if TYPE_CHECKING:
    from rich.console import Console


class Publish(Command):
    name = "publish"
    help = "Write a static site: the answer, a page per framework, every report, and their history."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add_pages(parser, "site")
        parser.add_argument(
            "--results",
            type=folder,
            help="of the exports in this folder instead of a database (results of this project, "
            "where there is no database)",
        )

    def run(self, options: argparse.Namespace, _matrix: Matrix) -> int:
        from rich.console import Console

        from harness.report.files import written_into

        console, out = Console(highlight=False, soft_wrap=True), options.out
        results = options.results or published(options.db)
        with written_into(out):
            reports, trends = self.write(options.db, results, out, console)
        console.print(
            f"{out / 'index.html'}: {reports} reports and a history of {trends} trends · "
            "open it in a browser, or serve the folder"
        )
        return 0

    def write(
        self, database: Path, results: Path | None, out: Path, console: "Console"
    ) -> tuple[int, int]:
        """From ``results`` if any, else from the database."""
        from harness.report.site.publish import publish
        from harness.store.restore import restored

        if results is None:
            return publish(database, out, console)
        with restored(results) as made:
            return publish(made, out, console, source=f"{results.name}/", whole=False)


def published(database: Path) -> Path | None:
    """The exports that come with the project, where nobody has a database or names one."""
    from infrastructure.root import ROOT

    there = database.exists() or database != usual_database() or not (ROOT / "results").exists()
    return None if there else ROOT / "results"


COMMAND = Publish()
