"""``report``: one page of the latest figures, or of one experiment."""

import argparse

from harness.cli.matrix import Matrix
from harness.cli.parser import Parser
from harness.commands.pages import WritesPages, told, writing
from infrastructure.counted import counted


class Report(WritesPages):
    name = "report"
    help = "Write report/index.html and its charts from results.duckdb."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        self.add_pages(parser)
        parser.add_argument(
            "--experiment", metavar="ID", help="only this one (default: the latest of each arm)"
        )
        parser.add_argument(
            "--summary",
            action="store_true",
            help="print the answer as Markdown instead, and write it as summary.md",
        )

    def run(self, options: argparse.Namespace, _matrix: Matrix) -> int:
        from harness.report.page.build import build

        if options.summary:
            return self.summarise(options)
        out = options.out
        with writing(options) as console, console.status("reading") as status:
            totals = build(options.db, out, status.update, experiment=options.experiment)
        trials, arms = counted(totals.trials, "trial"), counted(totals.arms, "arm")
        told(console, out / "index.html", f"{totals.ok_trials} of {trials} of {arms} shown")
        return 0

    def summarise(self, options: argparse.Namespace) -> int:
        from harness.report.files import write
        from harness.report.page.summary import summarised

        text = summarised(options.db, options.experiment)
        with writing(options):
            options.out.mkdir(parents=True, exist_ok=True)
            write(options.out / "summary.md", text)
        print(text, end="")
        return 0


COMMAND = Report()
