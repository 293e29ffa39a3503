"""``survey``: every framework on a broker, interleaved, within the hour."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.cli.arms import ArmRequest, Defaults, parse_arm
from harness.cli.matrix import Framework, Matrix
from harness.cli.options import add_json, add_pieces, add_session
from harness.cli.parser import Parser, one_of, positive
from harness.cli.words import BROKERS
from harness.commands.look import take_a_look
from harness.commands.piece_by_piece import PieceByPiece
from harness.commands.typed import pieces_of
from infrastructure.errors import UsageError

if TYPE_CHECKING:
    from harness.experiment.survey.prepare import SurveyRequest
    from harness.trial.plan import Watch

FLOOR, NONE = "raw", "stub"  # an arm of every survey; of none


class Survey(PieceByPiece):
    name = "survey"
    help = "Measure every framework on a broker, interleaved, in an hour at most."
    own_servers = (
        "each arm stands on a server of its own, since all are up at once when their workers are "
        "killed"
    )

    def options(self, parser: Parser, matrix: Matrix) -> None:
        add = parser.add_argument
        names = [name for name in matrix.frameworks if name != NONE]
        add("frameworks", nargs="*", type=one_of("framework", names), help="only these, and raw")
        add(
            "--broker",
            action="append",
            type=one_of("broker", BROKERS),
            help="of all arms (redis); repeatable: each framework on the first that it supports",
        )
        add(
            "--python",
            type=one_of("Python", list(matrix.pythons)),
            default=matrix.pythons[0],
            help="of all arms",
        )
        add("--blocks", type=positive, help="every arm once in each (as many as the time allows)")
        add_pieces(parser, 1.0, "a survey")
        add_session(parser)
        add_json(parser)

    def check_arms(self, arms: Sequence[ArmRequest], options: argparse.Namespace) -> None:
        if all(arm.framework == FLOOR for arm in arms):
            raise UsageError(
                f"survey: none of {', '.join(options.frameworks)} runs on "
                f"{' or '.join(brokers_of(options))}"
            )

    def arms(self, options: argparse.Namespace, matrix: Matrix) -> list[ArmRequest]:
        """Each framework on the first of the brokers that it supports, and the floor on each."""
        found = [
            request(framework, broker, options, matrix)
            for framework in asked_for(options, matrix)
            if (broker := first_of(framework, options))
        ]
        used = [broker for broker in brokers_of(options) if broker in {a.broker for a in found}]
        floor = matrix.frameworks[FLOOR]
        return [*(request(floor, broker, options, matrix) for broker in used), *found]

    def run(self, options: argparse.Namespace, matrix: Matrix) -> int:
        from harness.experiment.survey.carry_out import survey

        settled = self.settled(options, matrix)
        left_out = list(left_out_of(settled, matrix))
        with self.measuring(settled) as watch:
            arms = self.arms(settled, matrix)
            code, experiment = survey(
                asked(settled, arms, left_out, watch), settled.resume, dry_run=settled.dry_run
            )
        if experiment:
            take_a_look(settled.db, settled.json, experiment, whole=True)
        return code


def brokers_of(options: argparse.Namespace) -> list[str]:
    return options.broker or ["redis"]


def asked_for(options: argparse.Namespace, matrix: Matrix) -> Iterator[Framework]:
    """Those named, or all; the floor is one anyway."""
    for name, framework in matrix.frameworks.items():
        if name not in {FLOOR, NONE} and (not options.frameworks or name in options.frameworks):
            yield framework


def first_of(framework: Framework, options: argparse.Namespace) -> str | None:
    """The first broker asked for that the framework supports."""
    return next((b for b in brokers_of(options) if b in framework.brokers), None)


def left_out_of(options: argparse.Namespace, matrix: Matrix) -> Iterator[tuple[ArmRequest, str]]:
    """The frameworks that support none of the brokers, as arms on the first, and why not."""
    brokers = brokers_of(options)
    for framework in asked_for(options, matrix):
        if first_of(framework, options) is None:
            own = request(framework, framework.brokers[0], options, matrix)
            why = f"not on {' or '.join(brokers)}, only on {', '.join(framework.brokers)}"
            yield replace(own, broker=brokers[0]), why


def request(
    framework: Framework, broker: str, options: argparse.Namespace, matrix: Matrix
) -> ArmRequest:
    """Its newest version."""
    return parse_arm(framework.name, matrix, Defaults(options.python, broker, options.profile))


def asked(
    options: argparse.Namespace,
    arms: Sequence[ArmRequest],
    left_out: Sequence[tuple[ArmRequest, str]],
    watch: "Watch",
) -> "SurveyRequest":
    """The options, typed."""
    from harness.experiment.survey.prepare import SurveyRequest

    return SurveyRequest(
        arms=arms, left_out=left_out, blocks=options.blocks, **pieces_of(options, watch)
    )


COMMAND = Survey()
