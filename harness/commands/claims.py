"""``claims``: figures that others have published, measured as they did and then properly."""

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from harness.cli.arms import ArmRequest
from harness.cli.claims import PublishedClaim, Side, claim_files, read_claims, requests
from harness.cli.exits import Exit
from harness.cli.matrix import Matrix
from harness.cli.options import add_pieces, add_session
from harness.cli.parser import Parser, one_of, positive
from harness.commands.piece_by_piece import PieceByPiece
from harness.commands.typed import pieces_of

if TYPE_CHECKING:
    from harness.experiment.claims.prepare import ClaimsRequest
    from harness.trial.plan import Watch


class Claims(PieceByPiece):
    name = "claims"
    help = "Measure what others claim, as they did and properly: reproduced, or not?"
    own_servers = "they are about several brokers, each with a server of its own"

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add = parser.add_argument
        names = list(claim_files())
        add("names", nargs="*", type=one_of("claim", names), help="only these (all)")
        add("--blocks", type=positive, default=7, help="blocks, every arm once in each (7)")
        add_pieces(parser, 1.5, "an experiment")
        add_session(parser)

    def arms(self, options: argparse.Namespace, matrix: Matrix) -> list[ArmRequest]:
        return list(requests(read_claims(options.names), matrix).values())

    def run(self, options: argparse.Namespace, matrix: Matrix) -> int:
        from harness.experiment.claims.carry_out import measure
        from harness.report.claims.say import show_answers

        settled = self.settled(options, matrix)
        claims = read_claims(settled.names)
        with self.measuring(settled) as watch:
            asked = asked_of(settled, claims, requests(claims, matrix), watch)
            measured = measure(asked, settled.resume, dry_run=settled.dry_run)
        if settled.dry_run:
            return Exit.FINE
        decided = show_answers(claims, matrix, settled.db, measured.id)
        return Exit.FINE if decided else Exit.NO_VERDICT


def asked_of(
    options: argparse.Namespace,
    claims: Sequence[PublishedClaim],
    arms: Mapping[Side, ArmRequest],
    watch: "Watch",
) -> "ClaimsRequest":
    """The options, typed."""
    from harness.experiment.claims.prepare import ClaimsRequest

    return ClaimsRequest(
        claims=claims, arms=arms, blocks=options.blocks, **pieces_of(options, watch)
    )


COMMAND = Claims()
