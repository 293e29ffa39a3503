"""``publish``: a static site of reports and their history."""

import argparse
from pathlib import Path

from harness.cli.matrix import Matrix
from harness.cli.options import usual_database
from harness.cli.parser import Parser, folder
from harness.commands.pages import WritesPages, told, writing


class Publish(WritesPages):
    name = "publish"
    help = "Write a static site: the answer, a page per framework, every report, and their history."
    out = "site"

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        self.add_pages(parser)
        parser.add_argument(
            "--results",
            type=folder,
            help="of the exports in this folder instead of a database (results of this project, "
            "where there is no database)",
        )

    def run(self, options: argparse.Namespace, _matrix: Matrix) -> int:
        from harness.report.site.publish import publish, publish_results

        out, results = options.out, options.results or published(options.db)
        with writing(options) as console:
            if results is None:
                reports, trends = publish(options.db, out, console)
            else:
                reports, trends = publish_results(results, out, console)
        words = f"{reports} reports and a history of {trends} trends"
        told(console, out / "index.html", words, ", or serve the folder")
        return 0


def published(database: Path) -> Path | None:
    """The exports that come with the project, where nobody has a database or names one."""
    from infrastructure.root import ROOT

    there = database.exists() or database != usual_database() or not (ROOT / "results").exists()
    return None if there else ROOT / "results"


COMMAND = Publish()
