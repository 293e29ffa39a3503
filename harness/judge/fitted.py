"""What is said of a scenario's points together: a fitted law, a recommendation. For the report."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from harness.judge import round_trips
from harness.judge.choice import Settings, recommend
from harness.judge.scaling import fit
from harness.scenario.scenario import Scenario, Together


class Rate(NamedTuple):
    """The drain rate of a trial (tasks/s), with the settings of its point where that has them."""

    label: str
    point: str
    value: float
    processes: float | None = None
    reserved: float | None = None


class Waited(NamedTuple):
    """Times in ms at a round-trip time: of a task, of its send, and from its send to its end."""

    rtt_ms: float
    task_ms: float
    send_ms: float
    sojourn_ms: float


MATCHED: Settings = (2, 1)  # processes and reserved tasks of the matched profile


def by_arm(rates: Sequence[Rate]) -> Mapping[str, list[Rate]]:
    found: dict[str, list[Rate]] = {}
    for rate in rates:
        found.setdefault(rate.label, []).append(rate)
    return found


def laws(rates: Sequence[Rate]) -> Iterator[str]:
    """The scaling law of every arm, from trials that differ in their number of workers only."""
    for label, own in by_arm([rate for rate in rates if rate.processes is not None]).items():
        law = fit([rate.processes or 0 for rate in own], [rate.value for rate in own])
        if law is None:
            yield f"{label}: too few trials for a scaling law (three numbers of workers, and more)."
        else:
            yield f"{label}: {law.words}. A description of this machine, from {len(own)} trials."


def recommendations(rates: Sequence[Rate]) -> Iterator[str]:
    """The recommended settings of every arm and body."""
    for label, own in by_arm(rates).items():
        bodies: dict[str, dict[Settings, list[float]]] = {}
        for rate in own:
            body = rate.point.partition(",")[0]
            settings = (int(rate.processes or 0), int(rate.reserved or 0))
            bodies.setdefault(body, {}).setdefault(settings, []).append(rate.value)
        for body, found in bodies.items():
            if found.get(MATCHED):
                yield f"{label}, body {body}: {recommend(found, MATCHED).words}"


def costs(rates: Sequence[Rate], mistakes: Sequence[tuple[str, str]]) -> Iterator[str]:
    """What each mistake costs every arm: the right way's median rate over that of the wrong one.

    ``mistakes``: the points of each, wrong and right.
    """
    for label, own in by_arm(rates).items():
        points = {rate.point for rate in own}
        known = {p: median(rate.value for rate in own if rate.point == p) for p in points}
        for wrong, right in mistakes:
            if {wrong, right} <= points:
                each = f"{known[wrong]:,.1f} tasks/s, {right} {known[right]:,.1f}"
                factor = known[right] / known[wrong]
                yield f"{label}: {wrong} {each}: the mistake costs a factor of {factor:.2f}."


def waits(label: str, points: Sequence[Waited]) -> str:
    """How many round trips an arm waits for, from its points of one slot."""
    rtts = [point.rtt_ms for point in points]
    task, send, sojourn = (
        round_trips.fit(rtts, times) for times in zip(*(p[1:] for p in points), strict=True)
    )
    if task is None or send is None or sojourn is None:
        return f"{label}: too few round-trip times for a line (three different ones)."
    return (
        f"{label}: with one slot, a task waits for {task.words} round trips to the broker and its "
        f"send for {send.words}; from send to end it takes {sojourn.words}. Without a network that "
        f"is {task.rest_ms:.2f}, {send.rest_ms:.2f} and {sojourn.rest_ms:.2f} ms."
    )


def said(scenario: Scenario, rates: Sequence[Rate]) -> Iterator[str]:
    """The sentences, from the drain rates of single trials."""
    if scenario.together is Together.SCALING_LAW:
        yield from laws(rates)
    elif scenario.together is Together.BEST_SETTINGS:
        yield from recommendations(rates)
    elif scenario.together is Together.COST_OF_MISTAKES:
        yield from costs(rates, scenario.mistakes)
