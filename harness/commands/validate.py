"""``validate``: known answers, equal arms, injected differences, queues with defects."""

import argparse

from harness.cli.matrix import Matrix
from harness.cli.options import add_seed
from harness.cli.parser import Parser
from harness.commands.measuring import alone
from harness.commands.selfbench import WithNewest, arms_of


class Validate(WithNewest):
    name = "validate"
    help = "Prove the harness right: known answers, A/A, injected differences; store what came out."

    def options(self, parser: Parser, matrix: Matrix) -> None:
        super().options(parser, matrix)
        parser.add_argument("--full", action="store_true", help="200 and 30 experiments: hours")
        add_seed(parser)

    def run(self, options: argparse.Namespace, matrix: Matrix) -> int:
        from harness.experiment.row import drawn_seed
        from harness.prove.validate.run import validate
        from harness.prove.validate.session import FULL_SIZES, QUICK_SIZES, Sizes

        sizes = FULL_SIZES if options.full else QUICK_SIZES if options.quick else Sizes()
        brokers = {name: pinned.brokers[0] for name, pinned in matrix.frameworks.items()}
        stub = matrix.frameworks["stub"].versions[0]
        arms = arms_of(options, brokers)
        with alone(options):
            return validate(options.db, arms, stub, sizes, drawn_seed(options.seed))


COMMAND = Validate()
