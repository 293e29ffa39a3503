"""Lay out: a section a scenario, its tables, figures and sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from harness.cli.numbers import number
from harness.cli.words import scenario_names
from harness.judge import demand, fitted
from harness.judge.fitted import Rate, Waited
from harness.judge.scale_out.limits import core_words
from harness.judge.scale_out.points import beside
from harness.report.by_name import by_name
from harness.report.page.figures import Figure
from harness.report.page.measured import Measured, measured
from harness.report.page.own_charts import own_figures
from harness.report.page.select import Selection
from harness.report.page.tables import PageTable, tables
from harness.report.page.usual_charts import usual_figures
from harness.report.rows.grouped import grouped
from harness.report.rows.trials import FloorRatio, Median, State, TrialValue
from harness.scenario.catalogue import load_scenario
from harness.scenario.primary import Better
from harness.scenario.scenario import Scenario, Together

MOST_DRAWN, LEAST_DRAWN = 10, 3  # arms of a chart: more colours nobody tells apart
MOST_ROWS = 60  # of a bar chart of many arms


class Said(NamedTuple):
    """A sentence about an arm."""

    arm: int
    sentence: str


@dataclass(frozen=True)
class Section:
    """A scenario on the page."""

    name: str
    question: str
    tables: list[PageTable]
    figures: list[Figure]
    arms: list[int]
    drawn: list[int]  # of them; where there are many, the best
    loads: list[Said]  # a sentence an arm, where arms were offered different absolute loads
    floor: list[FloorRatio]  # to the broker's client alone
    said: list[Said]  # of all its points together
    by_name: list[Said]  # what brokers were asked


def section(selection: Selection, name: str) -> Section:
    """Of a scenario that is no more, what is drawn of any."""
    found = measured(selection, name)
    known = load_scenario(name) if name in scenario_names() else None
    best = found.of_arms(drawn_arms(found, known))
    drawn = own_figures(best, known) if known and known.charts else usual_figures(best)
    return Section(
        name,
        known.question if known else "",
        tables(found, known.primary_names if known else ()),
        [figure for figure in drawn if figure.panels],
        sorted({state.arm for state in found.states}),
        sorted({state.arm for state in best.states}),
        load_sentences(found.states),
        found.floor,
        said(found, known) if known else [],
        [Said(*each) for each in by_name(found.metrics, known)] if known else [],
    )


def drawn_arms(found: Measured, known: Scenario | None) -> list[int]:
    """All, or of many the best in the first primary metric, at the load where most have one: ten,
    or fewer where many loads would make a chart of hundreds of rows.
    """
    arms = list(dict.fromkeys(state.arm for state in found.states))
    if len(arms) <= MOST_DRAWN:
        return arms
    loads = len({state.point for state in found.states})
    most = max(LEAST_DRAWN, min(MOST_DRAWN, MOST_ROWS // loads))
    return best_arms(found, known)[:most] or arms[:most]


def best_arms(found: Measured, known: Scenario | None) -> list[int]:
    """In order; none of a scenario that is no more."""
    if known is None:
        return []
    medians = next(filter(None, map(found.medians_of, known.primary_names)), [])
    points = grouped(medians, lambda median: median.point)
    fullest = max(points, key=len, default=[])
    higher = known.primary_named(fullest[0].name).better is Better.HIGHER if fullest else True
    order = sorted(fullest, key=lambda median: median.median, reverse=higher)
    return [median.arm for median in order]


def load_sentences(states: Sequence[State]) -> list[Said]:
    """What each arm was offered, when arms differ in it."""
    differing = [state for state in states if state.loads_differ]
    return [load_sentence(own) for own in grouped(differing, lambda state: state.arm)]


def load_sentence(own: Sequence[State]) -> Said:
    loads = [number(state.offered) for state in own if state.offered is not None]
    capacities = [number(state.capacity) for state in own if state.capacity is not None]
    return Said(
        own[0].arm,
        f"{own[0].label}: {', '.join(loads)} tasks/s at {', '.join(s.point for s in own)} of its "
        f"capacity of {capacities[0]} tasks/s",
    )


def said(found: Measured, scenario: Scenario) -> list[Said]:
    """What is said of each arm's points together, where the scenario has something to say."""
    if scenario.together is None:
        return []
    if scenario.together is Together.ROUND_TRIPS:
        return waits_said(found)
    if scenario.together is Together.DEMAND:
        return demand_said(found)
    rates = grouped(found.values_of("drain_rate"), lambda value: value.arm)
    return [
        Said(own[0].arm, words)
        for own in rates
        for words in fitted.said(scenario, [settled(found, value) for value in own])
    ]


def demand_said(found: Measured) -> list[Said]:
    """Of each arm, from all of its trials."""
    arms = grouped(found.values_of("slo_passed"), lambda value: value.arm)
    return [Said(own[0].arm, f"{own[0].label}: {held_words(found, own)}") for own in arms]


def held_words(found: Measured, trials: Sequence[TrialValue]) -> str:
    """Demand and capacity, in a sentence."""
    held = []
    for trial in trials:
        workers, rate = (found.median(trial, name) for name in ("processes", "offered_rate"))
        if workers is not None and rate is not None:
            held.append(demand.Held(int(workers), rate, held=trial.value == 1))
    return f"{demand.words(held)}."


def waits_said(found: Measured) -> list[Said]:
    """Of each arm, from the medians of its points of one slot."""
    arms = grouped(found.medians_of("time_per_task"), lambda median: median.arm)
    return [
        Said(own[0].arm, " ".join([fitted.waits(own[0].label, points), *core_said(found, own[0])]))
        for own in arms
        if (points := [waited for median in own if (waited := waited_at(found, median))])
    ]


def core_said(found: Measured, arm: Median) -> Iterator[str]:
    """What a core of the arm's broker serves, where its CPU was seen."""
    taken = found.found.get((beside(), arm.arm, "broker_cpu_per_task"))
    if taken is not None and taken.median > 0:
        yield core_words(taken.median)


def waited_at(found: Measured, task: Median) -> Waited | None:
    """The times at a point; None where there is no network, or something was not measured."""
    names = ("network_round_trip_real", "enqueue_p50", "sojourn_p50")
    rtt, send, sojourn = (found.median(task, name) for name in names)
    if rtt is None or send is None or sojourn is None:
        return None
    return Waited(rtt, task.median, send, sojourn)


def settled(found: Measured, rate: TrialValue) -> Rate:
    """The drain rate of a trial with the settings of its point."""
    processes, reserved = (found.median(rate, name) for name in ("processes", "reserved"))
    return Rate(rate.label, rate.point, rate.value, processes, reserved)
