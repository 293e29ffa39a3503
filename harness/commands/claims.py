"""``claims``: figures that others have published, measured as they did and then properly."""

import argparse
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

from harness.cli.arms import ArmRequest
from harness.cli.claims import Claim, Side, claim_files, read_claims, requests
from harness.cli.exits import Exit
from harness.cli.matrix import Matrix
from harness.cli.options import add_pieces, add_session
from harness.cli.parser import Parser, one_of, positive
from harness.commands.measuring import alone
from harness.commands.of_arms import OfArms
from harness.commands.typed import gone_on_with, pieces_of
from infrastructure.errors import UsageError

if TYPE_CHECKING:
    from harness.experiment.claims.prepare import Asked
    from harness.trial.plan import Watch


class Claims(OfArms):
    name = "claims"
    help = "Measure what others claim, as they did and properly: reproduced, or not?"

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add = parser.add_argument
        names = list(claim_files())
        add("names", nargs="*", type=one_of("claim", names), help="only these (all)")
        add("--blocks", type=positive, default=7, help="blocks, every arm once in each (7)")
        add_pieces(parser, 1.5, "an experiment")
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
        return gone_on_with(options, self.name)

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

    return Asked(claims=claims, arms=arms, blocks=options.blocks, **pieces_of(options, watch))


COMMAND = Claims()
