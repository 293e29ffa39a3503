"""What an answer is made from."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.report.rows.answer import PairVerdict
from harness.report.rows.trials import FloorRatio, Median, State, TrialValue


@dataclass(frozen=True)
class Facts:
    """Rows of the queries ``report_states``, ``_metrics``, ``_points``, ``_pairs``, ``_floor``."""

    states: Sequence[State]
    medians: Sequence[Median]
    values: Sequence[TrialValue]
    pairs: Sequence[PairVerdict]
    floors: Sequence[FloorRatio]

    def floor_arms(self) -> set[int]:
        """Those that are no framework, and that frameworks stand on."""
        return {floor.floor_arm for floor in self.floors}

    def scenarios(self) -> list[str]:
        return list(dict.fromkeys(state.scenario for state in self.states))
