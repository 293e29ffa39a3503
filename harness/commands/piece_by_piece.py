"""What ``survey`` and ``claims`` share: a fixed list within a time, over as many sessions."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from harness.cli.matrix import Matrix
from harness.commands.measuring import alone, only_planned
from harness.commands.of_arms import OfArms
from harness.commands.typed import gone_on_with
from infrastructure.errors import UsageError

if TYPE_CHECKING:
    from harness.trial.plan import Watch


class PieceByPiece(OfArms):
    """``own_servers``: why each arm has one of its own."""

    own_servers: str

    def check(self, options: argparse.Namespace, matrix: Matrix) -> None:
        if options.provider == "url":
            raise UsageError(f"{self.name}: {self.own_servers}: leave --provider url out")
        super().check(options, matrix)

    def stored(self, options: argparse.Namespace) -> bool:
        return bool(options.resume)

    def settled(self, options: argparse.Namespace, _matrix: Matrix) -> argparse.Namespace:
        return gone_on_with(options, self.name)

    @contextmanager
    def measuring(self, options: argparse.Namespace) -> Iterator["Watch"]:
        """Alone on the machine, unless only the plan is asked for. Raises MachineTaken."""
        from harness.trial.watch import watching

        alone_or_shown = only_planned(options) if options.dry_run else alone(options)
        with alone_or_shown, watching(options.metrics_port) as watch:
            yield watch
