"""The highest rate whose p99 stays within an objective: METHOD 4, by a majority of 3."""

import itertools

from harness.cli.console import console
from harness.cli.progress import TrialProgress
from harness.experiment.bench.plan import OPEN_LOOP, Step
from harness.experiment.bench.session import BenchSession
from harness.judge.search import bracket, majority
from harness.measure.validity import BEHIND
from harness.store.vocabulary import Purpose


def search_rate(
    session: BenchSession, capacity: float, slo_ms: float, progress: TrialProgress
) -> None:
    """Measure until the bracket is narrow, and say it; starts from half of ``capacity``."""
    scenario = session.plan.scenarios[OPEN_LOOP]
    behind: list[float] = []

    def holds(rate: float) -> bool:
        point = session.plan.search_point(rate, capacity)
        asked = itertools.count(1)

        def ask() -> bool:
            outcome = session.sound_trial(
                Step(scenario, point, next(asked), Purpose.SEARCH), progress
            )
            if BEHIND in outcome.reason:
                behind.append(rate)
            return outcome.metrics.get("slo_passed") == 1.0

        return majority(ask)

    found = bracket(capacity / 2, holds)
    console.print(found.in_words(slo_ms, behind=found.high in behind))
