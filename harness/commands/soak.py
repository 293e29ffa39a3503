"""``soak``: steady load on one arm for hours, and whether anything drifts or leaks."""

import argparse
from typing import TYPE_CHECKING

from harness.cli.arms import ArmRequest, soaked
from harness.cli.matrix import Matrix
from harness.cli.options import add_arms
from harness.cli.parser import Parser, above_zero, duration, positive
from harness.commands.measuring import alone
from harness.commands.of_arms import OfArms
from harness.commands.typed import cells_of, server_of
from infrastructure.errors import UsageError

if TYPE_CHECKING:
    from harness.experiment.soak.soak import SoakRequest

MINUTES_AN_HOUR = 60
KEPT = (
    "arm", "hours", "rate", "profile", "provider", "broker", "broker_url", "python", "seed",
    "beside", "set",
)  # fmt: skip


class Soak(OfArms):
    name = "soak"
    help = "Steady load on one arm for hours, with a checkpoint per minute."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add = add_arms(parser)
        add("--hours", type=above_zero("hours", most=1000), help="how long, as 8 or 0.25")
        add("arm", nargs="?", help="FRAMEWORK[==VERSION][@VARIANT][,python=…]")
        add("--rate", type=positive, default=100, help="tasks per second (100)")
        add("--max-time", type=duration, help="end before that, to be gone on with: 14m")
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
        from harness.experiment.row import stored_options

        _, kept = stored_options(options.db, options.resume, (self.name,), self.name)
        return argparse.Namespace(**{**vars(options), **kept})

    def run(self, options: argparse.Namespace, matrix: Matrix) -> int:
        from harness.experiment.arms import check_settings
        from harness.experiment.soak.soak import soak
        from harness.trial.watch import watching

        settled = self.settled(options, matrix)
        [arm] = (arm.settled(matrix) for arm in self.arms(settled, matrix))
        check_settings([arm], cells_of(settled))
        with alone(options), watching(settled.metrics_port) as watch:
            return soak(asked(arm, settled), watch)


def asked(arm: ArmRequest, options: argparse.Namespace) -> "SoakRequest":
    """The options, typed."""
    from harness.experiment.row import drawn_seed
    from harness.experiment.soak.soak import SoakRequest

    seed = drawn_seed(options.seed)
    return SoakRequest(
        arm,
        cells_of(options),
        server_of(options),
        options.db,
        seed,
        max(1, round(options.hours * MINUTES_AN_HOUR)),
        options.rate,
        {name: getattr(options, name) for name in KEPT} | {"seed": seed},
        options.resume,
        options.max_time,
    )


COMMAND = Soak()
