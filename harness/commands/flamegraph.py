"""``flamegraph``: what two profiled trials spend, and what one has more of."""

import argparse

from harness.cli.matrix import Matrix
from harness.cli.parser import Parser, one_of
from harness.cli.words import TOOLS
from harness.commands.pages import WritesPages, told, writing
from infrastructure.errors import UsageError


class Flamegraph(WritesPages):
    name = "flamegraph"
    help = "Write a page with the flamegraphs of a profiled trial, or of two and their difference."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        self.add_pages(parser)
        parser.add_argument("trials", nargs="*", help="TRIAL, or BASE HEAD: trials or arms")
        parser.add_argument(
            "--tool",
            type=one_of("tool", TOOLS),
            help="CPU samples (py-spy) or memory at the peak (memray); default: what there is",
        )

    def check(self, options: argparse.Namespace, _matrix: Matrix) -> None:
        if len(options.trials) not in {1, 2}:
            raise UsageError(
                "flamegraph: name one profiled trial or arm, or two for their difference, found "
                f"{len(options.trials)}: nox -s flamegraph -- asynctasq==1.6.0 asynctasq==1.7.0"
            )

    def run(self, options: argparse.Namespace, matrix: Matrix) -> int:
        from harness.report.flamegraph.page import read, summary, write_page

        newest = {f.name: f.versions[0] for f in matrix.frameworks.values()}
        found = read(options.db, options.trials, newest, options.tool)
        with writing(options) as console:
            page = write_page(found, options.db, options.out)
        names = " against ".join(side.label for side in reversed(found.sides.both))
        told(console, page, f"{names}, {found.sides.base.load}")
        for line in summary(found):
            console.print(line)
        return 0


COMMAND = Flamegraph()
