"""What is said of the trials behind an answer: how many, and how fast their machine was."""

from collections.abc import Iterator, Mapping, Sequence

from harness.cli.numbers import number
from harness.cli.prices import Prices
from harness.report.costs import costs, headline
from harness.report.published.grounds import Ground
from harness.report.questions.asked import COST, Question
from harness.report.rows.grouped import grouped
from harness.report.rows.latest import ShownTrial
from harness.report.terminal.latest import Latest
from infrastructure.counted import counts

OTHER_SPEED = 1.25  # times: a machine that was so much slower for one trial than for another


def behind(question: Question, found: Latest, prices: Prices) -> list[ShownTrial]:
    """The trials that its figures are of; those of a price are of two scenarios."""
    if question.scenario != COST:
        return found.of(question.scenario).trials
    priced = headline(costs(found.costs, prices))
    loads = dict.fromkeys((cost.scenario, cost.point) for cost in priced)
    return [each for load in loads for each in found.trials if (each.scenario, each.point) == load]


def measured(trials: Sequence[ShownTrial], grounds: Mapping[str, Ground]) -> Iterator[str]:
    """A list item each experiment that is known."""
    for own in grouped(trials, lambda trial: trial.experiment_id):
        if ground := grounds.get(own[0].experiment_id):
            yield ground.line(*conditions(own))


def conditions(own: Sequence[ShownTrial]) -> Iterator[str]:
    """How many trials of an experiment there are, and how fast the machine was for them."""
    tried = [trial for trial in own if trial.status != "gap"]
    if loads := [len(each) for each in grouped(tried, lambda trial: trial.point)]:
        yield f"{counts(loads, 'trial')}{' of each load' if len(loads) > 1 else ''}"
    if loops := loops_ms(own):
        yield f"the machine's calibration loop took {span(loops)} ms"


def speeds_said(trials: Sequence[ShownTrial]) -> Iterator[str]:
    """That figures are of a machine at several speeds, a sentence a scenario where they are."""
    scenarios = grouped(trials, lambda trial: trial.scenario)
    for own in scenarios:
        where = "these trials" if len(scenarios) == 1 else f"the trials of {own[0].scenario}"
        if (times := slower(own)) > OTHER_SPEED:
            yield (
                f"The machine's speed differed between {where}: its calibration loop took "
                f"{span(loops_ms(own))} ms. CPU, rates and times of two frameworks or loads that "
                f"are less than {number(times)} times apart may differ by that alone."
            )


def slowest(trials: Sequence[ShownTrial]) -> float:
    """How many times slower the machine was for a trial than for another of the same scenario."""
    return max(map(slower, grouped(trials, lambda trial: trial.scenario)), default=1.0)


def slower(own: Sequence[ShownTrial]) -> float:
    loops = loops_ms(own)
    return max(loops) / min(loops) if loops else 1.0


def loops_ms(trials: Sequence[ShownTrial]) -> list[float]:
    """Of those that have figures."""
    valid = [trial for trial in trials if trial.status == "ok"]
    return [trial.calibration_ms for trial in valid if trial.calibration_ms]


def span(values: Sequence[float]) -> str:
    """``8.40 to 15.0``; a single one where all read alike."""
    ends = dict.fromkeys(map(number, (min(values), max(values))))
    return " to ".join(ends)
