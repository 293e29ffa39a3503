"""What ``compare`` and ``regress`` share: arms interleaved in blocks, and verdicts."""

import argparse

from harness.cli.arms import ArmRequest, requested
from harness.cli.matrix import Matrix
from harness.commands.of_arms import OfArms


class Comparison(OfArms):
    failure = 4  # it could not be carried out: 1 means a regression

    def arms(self, options: argparse.Namespace, matrix: Matrix) -> list[ArmRequest]:
        return requested(options, matrix)

    def settled(self, options: argparse.Namespace, _matrix: Matrix) -> argparse.Namespace:
        return argparse.Namespace(**vars(options), command=self.name)

    def run(self, options: argparse.Namespace, matrix: Matrix) -> int:
        from harness.experiment.compare import compare_command
        from harness.trial.watch import watching

        asked = self.settled(options, matrix)
        with watching(asked.metrics_port) as watch:
            return compare_command(matrix, asked, watch)
