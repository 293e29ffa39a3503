"""What is known of an arm for a question: an estimate with its interval, or why there is none."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from harness.judge.medians import Spread, coverage, median_interval
from harness.judge.pins import WORKERS_PINNED
from harness.report.answer.facts import Facts
from harness.report.answer.questions import Question
from harness.report.rows.grouped import grouped
from harness.report.rows.trials import FloorRatio, Median, State, TrialValue

WHY = ("invalid", "no figure at this load", "cannot")  # in the order shown
FAIR = 0.5  # of the capacity: where a reader looks first


@dataclass(frozen=True)
class Estimate:
    """The median over an arm's valid trials; ``offered`` in tasks/s, None for a backlog.
    ``floor``: how many times that of the broker's client alone, None where nobody measured that;
    ``is_floor``: whether it is that one. ``pinned``: whether its workers kept to cores.
    """

    arm: int
    label: str
    value: float
    spread: Spread
    trials: int
    tried: int
    offered: float | None
    floor: float | None = None
    is_floor: bool = False
    pinned: bool = False


@dataclass(frozen=True)
class Void:
    """Arms without a figure for the same reason; ``why``: one of ``WHY``."""

    arms: Sequence[int]
    labels: Sequence[str]
    why: str
    reason: str


@dataclass(frozen=True)
class AtOneLoad:
    """A question at one load. ``equal``: all arms were offered the same there."""

    question: Question
    point: str
    unit: str
    equal: bool
    estimates: list[Estimate]
    voids: list[Void]

    @property
    def title(self) -> str:
        """The question's, with the unit of its figures."""
        return self.question.title + (f", {self.unit}" if self.unit else "")


def at_best_load(facts: Facts, question: Question) -> AtOneLoad:
    """The arms at the load that tells most. Raises LookupError when no arm has a figure."""
    medians = of_question(facts.medians, question)
    if not medians:
        raise LookupError(f"nobody has {question.metric} of {question.scenario}")
    states = {
        (state.point, state.arm): state
        for state in facts.states
        if state.scenario == question.scenario
    }
    own = best_load(medians, states)
    point = own[0].point
    at_point = [state for state in states.values() if state.point == point]
    values: dict[int, list[float]] = defaultdict(list)
    for value in of_question(facts.values, question):
        if value.point == point:
            values[value.arm].append(value.value)
    floors = of_question(facts.floors, question)
    times_floor = {floor.arm: floor.ratio for floor in floors if floor.point == point}
    placed = (question.scenario, point, WORKERS_PINNED)
    pinned = {m.arm for m in facts.medians if (m.scenario, m.point, m.name) == placed and m.median}
    estimates = [estimate(median, states[point, median.arm], values[median.arm]) for median in own]
    return AtOneLoad(
        question,
        point,
        own[0].unit,
        len({offered(state) for state in at_point if state.arm in {m.arm for m in own}}) == 1,
        [
            replace(
                one,
                floor=times_floor.get(one.arm),
                is_floor=one.arm in facts.floor_arms(),
                pinned=one.arm in pinned,
            )
            for one in estimates
        ],
        voids({median.arm for median in own}, at_point),
    )


def of_question[T: (Median, TrialValue, FloorRatio)](
    rows: Iterable[T], question: Question
) -> list[T]:
    """Those of its metric."""
    asked = (question.scenario, question.metric)
    return [row for row in rows if (row.scenario, row.name) == asked]


def best_load(
    medians: Sequence[Median], states: Mapping[tuple[str, int], State]
) -> Sequence[Median]:
    """Most arms that were offered the same; then nearest to half of the capacity; then the first.

    Where no two arms were, all arms at one share of their own capacities.
    """

    def load(median: Median) -> tuple[str, float]:
        return median.point, offered(states[median.point, median.arm])

    def order(own: Sequence[Median]) -> tuple[int, float]:
        return -len(own), abs((own[0].load_fraction or FAIR) - FAIR)

    best = min(grouped(medians, load), key=order)
    if len(best) > 1 or len({median.arm for median in medians}) == 1:
        return best
    return min(grouped(medians, lambda median: median.point), key=order)


def offered(state: State) -> float:
    """In tasks/s, to three digits: the same for arms that were offered the same."""
    return 0.0 if not state.offered else float(f"{state.offered:.3g}")


def estimate(median: Median, state: State, values: Sequence[float]) -> Estimate:
    """The interval is of the trials; where these are not charted, their range is known."""
    spread = median_interval(values) if values else median_range(median)
    tried = state.trials - state.gap
    args = (median.arm, median.label, median.median, spread, median.trials, tried)
    return Estimate(*args, state.offered)


def median_range(median: Median) -> Spread:
    return Spread(median.low, median.high, coverage(median.trials, 0))


def voids(known: set[int], states: Iterable[State]) -> list[Void]:
    """Arms without a figure, each reason once; what is invalid first."""
    without = [state for state in states if state.arm not in known]
    found = [
        Void([state.arm for state in own], [state.label for state in own], *why(own[0]))
        for own in grouped(without, why)
    ]
    return sorted(found, key=lambda void: WHY.index(void.why))


def why(state: State) -> tuple[str, str]:
    """The kind of the gap, and the reason where one is stored."""
    if state.ok:
        return "no figure at this load", ""
    return "cannot" if state.gap == state.trials else "invalid", str(state.reason)
