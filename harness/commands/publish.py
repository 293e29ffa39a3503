"""``publish``: a static site of reports and their history."""

import argparse

from harness.cli.command import Command
from harness.cli.matrix import Matrix
from harness.cli.options import add_pages
from harness.cli.parser import Parser


class Publish(Command):
    name = "publish"
    help = (
        "Write a static site: a report per experiment, the latest of every arm, and their history."
    )

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add_pages(parser, "site")

    def run(self, options: argparse.Namespace, _matrix: Matrix) -> int:
        from rich.console import Console

        from harness.report.files import written_into
        from harness.report.site.publish import publish

        console, out = Console(highlight=False, soft_wrap=True), options.out
        with written_into(out):
            reports, trends = publish(options.db, out, console)
        console.print(
            f"{out / 'index.html'}: {reports} reports and a history of {trends} trends · "
            "open it in a browser, or serve the folder"
        )
        return 0


COMMAND = Publish()
