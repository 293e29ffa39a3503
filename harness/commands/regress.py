"""``regress``: the versions of one framework, each against the one before."""

import argparse
from collections.abc import Sequence

from harness.cli.arms import ArmRequest, check_arms
from harness.cli.bisect import check_between
from harness.cli.matrix import Matrix
from harness.cli.options import add_comparison
from harness.cli.parser import Parser, positive
from harness.commands.comparison import REGRESS, Comparison


class Regress(Comparison):
    name = REGRESS
    help = "The same for the versions of one framework, each against the one before."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add = add_comparison(parser, "throughput")
        add("--last", type=positive, help="the newest N pinned versions")
        add("framework", nargs="?", help="whose versions (all that are pinned)")
        add("versions", nargs="*", help="in order, oldest first")
        add("--confirm", action="store_true", help="a fresh experiment for each step")
        add(
            "--between",
            nargs=2,
            metavar=("OLD", "NEW"),
            help="find the commit that made a step between two commits of FRAMEWORK@git:FOLDER",
        )
        add(
            "--metric",
            default="",
            help="what --between looks at (the scenario's first metric: drain_rate)",
        )

    def check(self, options: argparse.Namespace, matrix: Matrix) -> None:
        if options.between:
            check_between(options)
        super().check(options, matrix)

    def check_arms(self, arms: Sequence[ArmRequest], _options: argparse.Namespace) -> None:
        check_arms(arms, [], aa=False)


COMMAND = Regress()
