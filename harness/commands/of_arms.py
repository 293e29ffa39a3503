"""What ``compare``, ``regress`` and ``soak`` share: arms, or an experiment that has them."""

import argparse
from collections.abc import Sequence

from harness.cli.arms import ArmRequest
from harness.cli.command import Command
from harness.cli.matrix import Cell, Matrix
from harness.cli.options import check_server


class OfArms(Command):
    def arms(self, options: argparse.Namespace, matrix: Matrix) -> list[ArmRequest]:
        """Those that the options name, every field settled. Raises UsageError."""
        raise NotImplementedError

    def check_arms(self, arms: Sequence[ArmRequest], options: argparse.Namespace) -> None:
        """Refuse arms that cannot be measured together. Raises UsageError."""

    def settled(self, options: argparse.Namespace, _matrix: Matrix) -> argparse.Namespace:
        """With those of the experiment to go on with, which are read from the database."""
        return options

    def check(self, options: argparse.Namespace, matrix: Matrix) -> None:
        check_server(options, self.name)
        if not self.stored(options):
            self.check_arms(self.arms(options, matrix), options)

    def cells(self, options: argparse.Namespace, matrix: Matrix) -> Sequence[Cell]:
        arms = self.arms(self.settled(options, matrix), matrix)
        return list(dict.fromkeys(arm.settled(matrix).cell for arm in arms))

    def brokers(self, options: argparse.Namespace, matrix: Matrix) -> Sequence[str]:
        return () if self.stored(options) else [a.broker for a in self.arms(options, matrix)]
