"""``claims``: figures that others have published, measured as they did and then properly."""

import argparse
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

from harness.cli.arms import ArmRequest
from harness.cli.claims import Claim, Side, claim_files, read_claims, requests
from harness.cli.exits import Exit
from harness.cli.matrix import Matrix
from harness.cli.options import add_session
from harness.cli.parser import Parser, duration, one_of, positive
from harness.commands.measuring import alone
from harness.commands.of_arms import OfArms
from harness.commands.typed import cells_of, server_of, typed_again
from infrastructure.errors import UsageError

if TYPE_CHECKING:
    from harness.experiment.claims.prepare import Asked
    from harness.trial.plan import Watch

# Not as it was when the measurement began.
ASKED_ANEW = ("db", "resume", "cell", "dry_run", "metrics_port", "wait", "max_time")


class Claims(OfArms):
    name = "claims"
    help = "Measure what others claim, as they did and properly: reproduced, or not?"

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add = parser.add_argument
        names = list(claim_files())
        add("names", nargs="*", type=one_of("claim", names), help="only these (all)")
        add("--blocks", type=positive, default=7, help="blocks, every arm once in each (7)")
        add("--quick", action="store_true", help="small loads, for a first look; don't quote them")
        add(
            "--max-time",
            type=duration,
            default=5400.0,
            help="when it has to have ended, as 30m or 2h (90m)",
        )
        add("--resume", help="go on with an experiment that was ended")
        add("--dry-run", action="store_true", help="show the plan and its time, and stop")
        add_session(parser)

    def check(self, options: argparse.Namespace, matrix: Matrix) -> None:
        if options.provider == "url":
            raise UsageError(
                "claims: they are about several brokers, each with a server of its own: leave "
                "--provider url out"
            )
        super().check(options, matrix)

    def stored(self, options: argparse.Namespace) -> bool:
        return bool(options.resume)

    def arms(self, options: argparse.Namespace, matrix: Matrix) -> list[ArmRequest]:
        return list(requests(read_claims(options.names), matrix).values())

    def settled(self, options: argparse.Namespace, _matrix: Matrix) -> argparse.Namespace:
        if not options.resume:
            return options
        from harness.experiment.row import stored_options

        _, kept = stored_options(options.db, options.resume, (self.name,), self.name)
        own = {name: getattr(options, name) for name in ASKED_ANEW}
        return argparse.Namespace(**{**vars(options), **kept, **own})

    def run(self, options: argparse.Namespace, matrix: Matrix) -> int:
        from harness.experiment.claims.carry_out import measure
        from harness.report.claims.say import show_answers
        from harness.trial.watch import watching

        settled = self.settled(options, matrix)
        claims = read_claims(settled.names)
        alone_or_shown = nullcontext() if options.dry_run else alone(options)
        with alone_or_shown, watching(settled.metrics_port) as watch:
            asked = asked_of(settled, claims, requests(claims, matrix), watch)
            measured = measure(asked, settled.resume, dry_run=settled.dry_run)
        if settled.dry_run:
            return Exit.FINE
        decided = show_answers(claims, matrix, settled.db, measured.id)
        return Exit.FINE if decided else Exit.NO_VERDICT


def asked_of(
    options: argparse.Namespace,
    claims: Sequence[Claim],
    arms: Mapping[Side, ArmRequest],
    watch: "Watch",
) -> "Asked":
    """The options, typed."""
    from harness.experiment.claims.prepare import Asked
    from harness.experiment.row import drawn_seed

    return Asked(
        claims,
        arms,
        cells_of(options),
        server_of(options),
        options.db,
        drawn_seed(options.seed),
        options.blocks,
        options.quick,
        options.max_time,
        {k: v for k, v in vars(options).items() if k not in {"cell", "resume", "dry_run"}},
        watch,
        typed_again(),
    )


COMMAND = Claims()
