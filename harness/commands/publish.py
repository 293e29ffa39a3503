"""``publish``: a static site of reports and their history."""

import argparse

from harness.cli.command import Command
from harness.cli.matrix import Matrix
from harness.cli.options import add_pages
from harness.cli.parser import Parser


class Publish(Command):
    name = "publish"
    help = (
        "Write a static site: a report an experiment, the latest of every arm, and their history."
    )

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add_pages(parser, "site")

    def run(self, options: argparse.Namespace, _matrix: Matrix) -> int:
        from harness.report.site.publish import publish_command

        return publish_command(options)


COMMAND = Publish()
