"""``validate``: known answers, equal arms, injected differences, queues with defects."""

import argparse

from harness.cli.matrix import Matrix
from harness.cli.options import add_seed
from harness.cli.parser import Parser
from harness.commands.selfbench import WithNewest


class Validate(WithNewest):
    name = "validate"
    help = "Prove the harness right: known answers, A/A, injected differences; store what came out."

    def options(self, parser: Parser, matrix: Matrix) -> None:
        super().options(parser, matrix)
        parser.add_argument("--full", action="store_true", help="200 and 30 experiments: hours")
        add_seed(parser)

    def run(self, options: argparse.Namespace, matrix: Matrix) -> int:
        from harness.prove.validate import validate_command

        return validate_command(options, matrix)


COMMAND = Validate()
