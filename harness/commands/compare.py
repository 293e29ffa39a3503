"""``compare``: which of two arms is better, by how much, and whether that can be said."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from harness.cli.arms import ArmRequest, check_arms
from harness.cli.cluster import TLS, check_again
from harness.cli.matrix import Cell, Matrix
from harness.cli.options import add_comparison
from harness.cli.parser import Parser
from harness.commands.comparison import Comparison
from harness.commands.regress import COMMAND as REGRESS


class Compare(Comparison):
    name = "compare"
    help = "Measure arms interleaved in blocks and give verdicts."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add = add_comparison(parser, "throughput and latency")
        add("arms", nargs="*", help="FRAMEWORK[==VERSION][@VARIANT][,python=…]")
        add("--aa", action="store_true", help="allow equal arms")
        add(
            "--factor",
            action="append",
            default=[],
            help="declare a second difference between the arms",
        )
        add("--resume", help="go on with a killed experiment")
        add(
            "--across",
            nargs=2,
            metavar="EXPERIMENT",
            help="describe the ratio of two stored experiments instead, where one is allowed",
        )

    def stored(self, options: argparse.Namespace) -> bool:
        return bool(options.resume or options.across)

    def check_arms(self, arms: Sequence[ArmRequest], options: argparse.Namespace) -> None:
        check_arms(arms, options.factor, aa=options.aa)

    def cells(self, options: argparse.Namespace, matrix: Matrix) -> Sequence[Cell]:
        return () if options.across else super().cells(options, matrix)

    def settled(self, options: argparse.Namespace, matrix: Matrix) -> argparse.Namespace:
        """A series is gone on with by ``compare`` too."""
        if not options.resume:
            return super().settled(options, matrix)
        from harness.experiment.row import stored_options

        names = (self.name, REGRESS.name)
        command, kept = stored_options(options.db, options.resume, names, "comparison")
        check_again(options.resume, kept, options)
        unasked = options if command == self.name else REGRESS.parser(matrix).parse([])
        asked_anew = ("db", "resume", "cell", "dry_run", "metrics_port", "json", "cluster", *TLS)
        own = {name: getattr(options, name) for name in asked_anew}
        before = {"sequential": True}  # of an experiment from before there were turns
        last = {"out": Path(kept["out"]), "command": command}
        return argparse.Namespace(**{**vars(unasked), **before, **kept, **own, **last})

    def run(self, options: argparse.Namespace, matrix: Matrix) -> int:
        if options.across:
            from harness.experiment.across import across

            one, other = options.across
            return across(options.db, one, other, options.factor)
        return super().run(options, matrix)


COMMAND = Compare()
