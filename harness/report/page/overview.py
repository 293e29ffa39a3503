"""Lay out: the overview, a row a scenario, a column an arm, with what verdicts say of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.cli.numbers import in_words, number
from harness.cli.words import scenario_names
from harness.judge.claims import Kind
from harness.report.page.select import Selection
from harness.report.rows.trials import Median, State
from harness.report.rows.verdicts import VerdictOnArm
from harness.scenario.catalogue import load_scenario

# By the kind of a verdict: a sign and a word, so that colour is never alone.
SIGNS = {
    Kind.FASTER: ("▲", "better"),
    Kind.SLOWER: ("▼", "worse"),
    Kind.EQUIVALENT: ("=", "no difference"),
    Kind.FASTER_UNCERTAIN: ("△", "better, size uncertain"),
    Kind.SLOWER_UNCERTAIN: ("▽", "worse, size uncertain"),
    Kind.INCONCLUSIVE: ("?", "cannot tell"),
    Kind.INVALID: ("!", "invalid"),
}
LEGEND = "; ".join(f"{sign} {words}" for sign, words in SIGNS.values())


@dataclass(frozen=True)
class Square:
    """A scenario in an arm: the median, or why there is none; ``kind`` of the verdict, if any."""

    text: str
    note: str = ""
    kind: str = ""
    sign: str = ""


@dataclass(frozen=True)
class Stripe:
    """A scenario: its metric in words, and a square an arm."""

    scenario: str
    metric: str
    squares: list[Square]


def stripes(found: Selection) -> list[Stripe]:
    """Rows of the matrix."""
    return [stripe(found, scenario) for scenario in found.scenarios()]


def stripe(found: Selection, scenario: str) -> Stripe:
    """The first primary metric that anybody has, at its first load with a figure."""
    medians = first_metric(found, scenario)
    states = [state for state in found.states if state.scenario == scenario]
    origins = {o.arm: o.experiment_id for o in found.origins if o.scenario == scenario}
    verdicts = latest(found.overview, medians[0]) if medians else {}
    by_arm = {median.arm: median for median in medians}
    squares = [
        square(
            by_arm.get(arm.arm),
            [state for state in states if state.arm == arm.arm],
            verdicts.get(arm.arm),
            origins.get(arm.arm),
        )
        for arm in found.arms
    ]
    return Stripe(scenario, headed(medians), squares)


def first_metric(found: Selection, scenario: str) -> list[Median]:
    """The medians of all arms; of a scenario that is no more, no metric is primary."""
    primary = load_scenario(scenario).primary_names if scenario in scenario_names() else ()
    own = [median for median in found.metrics if median.scenario == scenario]
    for name in primary:
        of_name = [median for median in own if median.name == name]
        if of_name:
            return [median for median in of_name if median.point == of_name[0].point]
    return []


def headed(medians: Sequence[Median]) -> str:
    """The metric with its unit, and its load."""
    if not medians:
        return ""
    unit = f", {medians[0].unit}" if medians[0].unit else ""
    return " · ".join(filter(None, [f"{in_words(medians[0].name)}{unit}", medians[0].point]))


def latest(verdicts: Sequence[VerdictOnArm], median: Median) -> dict[int, VerdictOnArm]:
    """The latest verdict on each arm about what the median is of."""
    about = (median.scenario, median.name, median.point)
    fitting = [v for v in verdicts if (v.scenario, v.metric, v.point) == about]
    return {verdict.arm: verdict for verdict in reversed(fitting)}


def square(
    found: Median | None,
    states: Sequence[State],
    verdict: VerdictOnArm | None,
    origin: str | None,
) -> Square:
    """``origin``: the experiment that the median is of; a verdict of another one says so."""
    ok, gaps = sum(state.ok for state in states), sum(state.gap for state in states)
    tried = sum(state.trials for state in states) - gaps
    if found is None:
        if states and all(state.gap for state in states):
            return Square("cannot", str(states[0].reason))
        return Square("—", f"{ok} of {tried} trials ok" if tried else "not run")
    note = "" if ok == tried else f"{ok} of {tried} trials ok"
    if verdict is None:
        return Square(number(found.median), note)
    said = "; ".join(filter(None, [against(verdict, origin), note]))
    return Square(number(found.median), said, verdict.kind, SIGNS[Kind(verdict.kind)][0])


def against(verdict: VerdictOnArm, origin: str | None) -> str:
    """The verdict in words."""
    quick = " (quick size)" if verdict.size == "quick" else ""
    said = f"{SIGNS[Kind(verdict.kind)][1]} against {verdict.baseline}{quick}"
    elsewhere = verdict.experiment_id != origin
    return f"{said}, in experiment {verdict.experiment_id}" if elsewhere else said
