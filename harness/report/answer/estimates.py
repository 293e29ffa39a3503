"""What is known of an arm for a question: an estimate with its interval, or why there is none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harness.judge.medians import Spread, coverage, median_interval
from harness.report.answer.facts import Facts
from harness.report.answer.questions import Question
from harness.report.rows.grouped import grouped
from harness.report.rows.trials import Median, State

WHY = ("invalid", "not measured", "cannot")  # in the order shown
FAIR = 0.5  # of the capacity: where a reader looks first


@dataclass(frozen=True)
class Estimate:
    """The median over an arm's valid trials; ``offered`` in tasks/s, None for a backlog."""

    arm: int
    label: str
    value: float
    spread: Spread
    trials: int
    tried: int
    offered: float | None


@dataclass(frozen=True)
class Void:
    """Arms without a figure for the same reason; ``why``: invalid, cannot, or not measured."""

    arms: Sequence[int]
    labels: Sequence[str]
    why: str
    reason: str


@dataclass(frozen=True)
class Asked:
    """A question at one load. ``equal``: all arms were offered the same there."""

    question: Question
    point: str
    unit: str
    equal: bool
    estimates: list[Estimate]
    voids: list[Void]


def asked(facts: Facts, question: Question) -> Asked:
    """The arms at the load that tells most. Raises LookupError when no arm has a figure."""
    medians = [
        median
        for median in facts.medians
        if (median.scenario, median.name) == (question.scenario, question.metric)
    ]
    if not medians:
        raise LookupError(f"nobody has {question.metric} of {question.scenario}")
    point = best_point(medians, facts.states)
    states = {
        state.arm: state
        for state in facts.states
        if (state.scenario, state.point) == (question.scenario, point)
    }
    own = [median for median in medians if median.point == point]
    return Asked(
        question,
        point,
        own[0].unit,
        not any(state.loads_differ for state in states.values()),
        [estimate(facts, median, states[median.arm]) for median in own],
        voids({median.arm for median in own}, states.values()),
    )


def best_point(medians: Sequence[Median], states: Sequence[State]) -> str:
    """Where all were offered the same; then where most arms have a figure; then nearest to half of
    the capacity; then the first.
    """
    differ = {(state.scenario, state.point) for state in states if state.loads_differ}

    def order(own: Sequence[Median]) -> tuple[bool, int, float]:
        first = own[0]
        distance = abs((first.load_fraction or FAIR) - FAIR)
        return (first.scenario, first.point) in differ, -len(own), distance

    return min(grouped(medians, lambda median: median.point), key=order)[0].point


def estimate(facts: Facts, median: Median, state: State) -> Estimate:
    """The interval is of the trials; where these are not charted, their range is known."""
    place = (median.scenario, median.point, median.name, median.arm)
    values = [v.value for v in facts.values if (v.scenario, v.point, v.name, v.arm) == place]
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
        return "not measured", ""
    return "cannot" if state.gap == state.trials else "invalid", str(state.reason)
