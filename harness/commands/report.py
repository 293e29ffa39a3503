"""``report``: one page of the latest figures, or of one experiment."""

import argparse

from harness.cli.command import Command
from harness.cli.matrix import Matrix
from harness.cli.options import add_pages
from harness.cli.parser import Parser
from infrastructure.counted import counted


class Report(Command):
    name = "report"
    help = "Write report/index.html and its charts from results.duckdb."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add_pages(parser, "report")
        parser.add_argument(
            "--experiment", metavar="ID", help="only this one (default: the latest of each arm)"
        )

        parser.add_argument(
            "--summary",
            action="store_true",
            help="print the answer as Markdown instead, and write it as summary.md",
        )

    def run(self, options: argparse.Namespace, _matrix: Matrix) -> int:
        from rich.console import Console

        from harness.report.files import written_into
        from harness.report.page.build import build

        if options.summary:
            return self.summarise(options)
        console, out = Console(highlight=False, soft_wrap=True), options.out
        with written_into(out), console.status("reading") as status:
            totals = build(options.db, out, status.update, experiment=options.experiment)
        console.print(
            f"{out / 'index.html'}: {totals.ok_trials} of {counted(totals.trials, 'trial')} of "
            f"{counted(totals.arms, 'arm')} shown · open it in a browser"
        )
        return 0

    def summarise(self, options: argparse.Namespace) -> int:
        from harness.report.files import write, written_into
        from harness.report.page.summary import summarised

        text = summarised(options.db, options.experiment)
        with written_into(options.out):
            options.out.mkdir(parents=True, exist_ok=True)
            write(options.out / "summary.md", text)
        print(text, end="")
        return 0


COMMAND = Report()
