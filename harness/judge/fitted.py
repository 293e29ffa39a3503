"""What is said of a scenario's points together: a fitted law, a recommendation. For the report."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from harness.judge.choice import Settings, recommend
from harness.judge.scaling import fit
from harness.scenario.scenario import Scenario, Together

Row = dict[str, Any]

MATCHED: Settings = (2, 1)  # processes and reserved tasks of the matched profile


def by_arm(rates: Sequence[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rates:
        found.setdefault(row["label"], []).append(row)
    return found


def laws(rates: Sequence[Row]) -> Iterator[str]:
    """The scaling law of every arm, from trials that differ in their number of workers only."""
    for label, rows in by_arm([r for r in rates if r["processes"] is not None]).items():
        law = fit([r["processes"] for r in rows], [r["value"] for r in rows])
        if law is None:
            yield f"{label}: too few trials for a scaling law (three numbers of workers, and more)."
        else:
            yield f"{label}: {law.words}. A description of this machine, by {len(rows)} trials."


def recommendations(rates: Sequence[Row]) -> Iterator[str]:
    """The recommended settings of every arm and body."""
    for label, rows in by_arm(rates).items():
        bodies: dict[str, dict[Settings, list[float]]] = {}
        for row in rows:
            body = row["point"].partition(",")[0]
            settings = (int(row["processes"]), int(row["reserved"]))
            bodies.setdefault(body, {}).setdefault(settings, []).append(row["value"])
        for body, found in bodies.items():
            if found.get(MATCHED):
                yield f"{label}, body {body}: {recommend(found, MATCHED).words}"


def costs(rates: Sequence[Row], mistakes: Sequence[tuple[str, str]]) -> Iterator[str]:
    """What each mistake costs every arm: the right way's median rate over that of the wrong one.

    ``mistakes``: the points of each, wrong and right.
    """
    for label, rows in by_arm(rates).items():
        points = {row["point"] for row in rows}
        known = {p: median(r["value"] for r in rows if r["point"] == p) for p in points}
        for wrong, right in mistakes:
            if {wrong, right} <= points:
                each = f"{known[wrong]:,.1f} tasks/s, {right} {known[right]:,.1f}"
                factor = known[right] / known[wrong]
                yield f"{label}: {wrong} {each}: the mistake costs a factor of {factor:.2f}."


def said(scenario: Scenario, rates: Sequence[Row]) -> Iterator[str]:
    """The sentences, from the drain rates of single trials, each with its point, and with processes
    and reserved where its point has them.
    """
    if scenario.together is Together.SCALING_LAW:
        yield from laws(rates)
    elif scenario.together is Together.BEST_SETTINGS:
        yield from recommendations(rates)
    elif scenario.together is Together.COST_OF_MISTAKES:
        yield from costs(rates, scenario.mistakes)
