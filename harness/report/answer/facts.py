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

    def scenarios(self) -> list[str]:
        return list(dict.fromkeys(state.scenario for state in self.states))
