"""Lay out: every question as a table of frameworks by brokers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.cli.numbers import number
from harness.report.answer.ranking import Ranking
from harness.report.page.filters import version
from harness.report.rows.arms import PageArm


@dataclass(frozen=True)
class PivotCell:
    """``value`` sorts, None last; ``best``: of its broker; ``arm`` is None where there is none."""

    arm: int | None
    text: str
    value: float | None = None
    best: bool = False
    why: str = ""


@dataclass(frozen=True)
class PivotRow:
    label: str
    arms: Sequence[int]
    cells: Sequence[PivotCell]


@dataclass(frozen=True)
class Pivot:
    title: str
    direction: str
    rows: Sequence[PivotRow]


def pivots(rankings: Sequence[Ranking], arms: Sequence[PageArm]) -> tuple[list[str], list[Pivot]]:
    """The brokers, and a table a question; none where there is one broker only."""
    brokers = sorted({arm.broker for arm in arms})
    if len(brokers) < 2:
        return brokers, []
    return brokers, [pivot(ranking, arms, brokers) for ranking in rankings]


def pivot(ranking: Ranking, arms: Sequence[PageArm], brokers: Sequence[str]) -> Pivot:
    named = series_of(arms)
    places = {(named[arm.arm], arm.broker): arm.arm for arm in arms}
    best = best_of_brokers(ranking, {arm.arm: arm.broker for arm in arms})
    rows = []
    for label in dict.fromkeys(named.values()):
        own = [places.get((label, broker)) for broker in brokers]
        cells = [cell(ranking, arm, best) for arm in own]
        rows.append(PivotRow(label, [arm for arm in own if arm is not None], cells))
    unequal = "each at its own load: do not compare"
    return Pivot(ranking.title, ranking.question.direction if ranking.equal else unequal, rows)


def series_of(arms: Sequence[PageArm]) -> dict[int, str]:
    """The label of each arm without its broker."""
    several_pythons = len({arm.python_version for arm in arms}) > 1
    several_profiles = len({arm.topology_profile for arm in arms}) > 1
    return {
        arm.arm: " · ".join(
            [
                version(arm),
                *[f"Python {arm.python_version}"] * several_pythons,
                *[arm.topology_profile] * several_profiles,
            ]
        )
        for arm in arms
    }


def best_of_brokers(ranking: Ranking, broker_of: Mapping[int, str]) -> set[int]:
    """The best arm on each broker, where arms can be compared."""
    if not ranking.equal:
        return set()
    first: dict[str, int] = {}
    for one in ranking.estimates:
        first.setdefault(broker_of[one.arm], one.arm)
    return set(first.values())


def cell(ranking: Ranking, arm: int | None, best: set[int]) -> PivotCell:
    if arm is None:
        return PivotCell(None, "")
    for one in ranking.estimates:
        if one.arm == arm:
            return PivotCell(arm, number(one.value), one.value, arm in best)
    for void in ranking.voids:
        if arm in void.arms:
            return PivotCell(arm, void.why.split()[0], why=void.reason)
    return PivotCell(arm, "—", why="not run")
