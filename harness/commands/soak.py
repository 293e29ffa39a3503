"""``soak``: steady load on one arm for hours, and whether anything drifts or leaks."""

import argparse

from harness.cli.arms import ArmRequest, soaked
from harness.cli.matrix import Matrix
from harness.cli.options import add_arms
from harness.cli.parser import Parser, above_zero, positive
from harness.commands.of_arms import OfArms
from infrastructure.errors import UsageError


class Soak(OfArms):
    name = "soak"
    help = "Steady load on one arm for hours; a checkpoint a minute."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add_arms(parser)
        add = parser.add_argument
        add("arm", nargs="?", help="FRAMEWORK[==VERSION][@VARIANT][,python=…]")
        add("--hours", type=above_zero("hours", most=1000), help="how long, as 8 or 0.25")
        add("--rate", type=positive, default=100, help="tasks a second (100)")
        add("--resume", help="go on with a soak that was ended early")

    def check(self, options: argparse.Namespace, matrix: Matrix) -> None:
        if options.hours is None and not options.resume:
            raise UsageError("soak: say how long: --hours 8, or --hours 0.2 for a look")
        super().check(options, matrix)

    def stored(self, options: argparse.Namespace) -> bool:
        return bool(options.resume)

    def arms(self, options: argparse.Namespace, matrix: Matrix) -> list[ArmRequest]:
        return [soaked(options, matrix)]

    def settled(self, options: argparse.Namespace, _matrix: Matrix) -> argparse.Namespace:
        if not options.resume:
            return options
        from harness.experiment.soak import resumed

        return resumed(options)

    def run(self, options: argparse.Namespace, matrix: Matrix) -> int:
        from harness.experiment.soak import soak_command
        from harness.trial.watch import watching

        asked = self.settled(options, matrix)
        [arm] = self.arms(asked, matrix)
        with watching(asked.metrics_port) as watch:
            return soak_command(arm, asked, watch)


COMMAND = Soak()
