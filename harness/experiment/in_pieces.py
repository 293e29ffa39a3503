"""What a survey, a series and claims are asked alike: measured within a time, in pieces."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.experiment.arms import Cells, Server
from harness.store.rows import ExperimentRow
from harness.trial.cell import Arm, Description, Wanted
from harness.trial.plan import UNWATCHED, Setup, Watch


@dataclass(frozen=True, kw_only=True)
class InPieces:
    """As the options have it. ``kept``: options as typed, for the experiment's row, ``typed`` all
    of the command. ``max_time_s``: None for no end.
    """

    cells: Cells
    server: Server
    database: Path
    seed: int
    quick: bool = False
    max_time_s: float | None = None
    kept: Mapping[str, Any] | None = None
    watch: Watch = UNWATCHED
    typed: str = ""

    def setup(
        self, experiment: ExperimentRow, arm: Arm, described: dict[Wanted, Description], number: int
    ) -> Setup:
        """An arm of the experiment, as its cell described it."""
        profiles = self.database.parent / "profiles"
        return Setup(self.database, experiment, arm, described, profiles, number, watch=self.watch)
