"""``validate``: known answers, equal arms, injected differences, queues with defects."""

import argparse
import math
from collections.abc import Sequence

from harness.cli.interpreters import first_python
from harness.cli.matrix import Cell, Matrix
from harness.cli.options import add_seed
from harness.cli.parser import Parser, duration
from harness.commands.measuring import alone
from harness.commands.selfbench import WithNewest, arms_of
from infrastructure.errors import UsageError

OLDER = [("asynctasq", "1.4.1"), ("asynctasq", "1.5.0")]  # what --turns measures beside the newest


class Validate(WithNewest):
    name = "validate"
    help = "Prove the harness right: known answers, A/A, injected differences; store what came out."

    def options(self, parser: Parser, matrix: Matrix) -> None:
        super().options(parser, matrix)
        parser.add_argument("--full", action="store_true", help="200 and 30 experiments: hours")
        parser.add_argument(
            "--turns",
            action="store_true",
            help="only comparisons in turns, by real frameworks: about 98 minutes, in pieces that "
            "go on where the last one ended",
        )
        parser.add_argument(
            "--max-time", type=duration, default=None, help="of a piece of --turns: 13m"
        )
        add_seed(parser)

    def check(self, options: argparse.Namespace, _matrix: Matrix) -> None:
        if options.max_time is not None and not options.turns:
            raise UsageError("--max-time is of --turns, whose pieces can go on later")
        if options.turns and (options.full or options.quick):
            raise UsageError("--turns has one size: leave --full and --quick out")

    def cells(self, options: argparse.Namespace, matrix: Matrix) -> Sequence[Cell]:
        newest = super().cells(options, matrix)
        if not options.turns:
            return newest
        python = first_python(matrix.pythons)
        return [*newest, *(Cell(framework, version, python) for framework, version in OLDER)]

    def run(self, options: argparse.Namespace, matrix: Matrix) -> int:
        from harness.experiment.row import drawn_seed
        from harness.prove.turns.run import prove_turns
        from harness.prove.validate.run import validate
        from harness.prove.validate.session import FULL_SIZES, QUICK_SIZES, Sizes

        sizes = FULL_SIZES if options.full else QUICK_SIZES if options.quick else Sizes()
        brokers = {name: pinned.brokers[0] for name, pinned in matrix.frameworks.items()}
        stub, seed = matrix.frameworks["stub"].versions[0], drawn_seed(options.seed)
        arms = arms_of(options, brokers)
        with alone(options):
            if options.turns:
                limit_s = math.inf if options.max_time is None else options.max_time
                return prove_turns(options.db, arms, stub, seed, limit_s)
            return validate(options.db, arms, stub, sizes, seed)


COMMAND = Validate()
