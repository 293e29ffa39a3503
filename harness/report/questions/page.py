"""docs/questions.md: what users ask beside which is faster, each with its figures."""

from collections.abc import Iterator, Mapping, Sequence

from harness.cli.prices import Prices
from harness.judge.medians import coverage
from harness.report.costs import CAPTION, costs, headline, interval_said
from harness.report.published.grounds import Ground
from harness.report.questions.answers import answered, asked_in
from harness.report.questions.asked import COST, Question
from harness.report.questions.behind import behind, measured, speeds_said
from harness.report.rows.latest import ShownTrial
from harness.report.rows.trials import Median
from harness.report.terminal.latest import Latest
from harness.report.terminal.markdown import asked_by_name, cost_table, figures_of, remarked, why
from harness.report.titles import slug

HEAD = """\
# What users of a queue ask

What it costs to wait for work, to wait for results, to be restarted, and what becomes of tasks that
end badly.
"""
HOW = """\
## How it was measured

{sure}
Every trial has a fresh server, fresh workers and fresh producers: two worker processes, one task at
a time each, unless the load says otherwise. Each framework was measured by itself, so these figures
describe; they are no verdict on which is better. Before each trial a calibration loop is timed, the
same Python code every time: the longer it took, the slower the machine was
([method](method.md#8-what-each-trial-records-about-its-surroundings)).

[scenarios.md](scenarios.md) and the files of [scenarios/](../scenarios/) say what each load is,
[metrics.md](metrics.md) what each figure means, [findings.md](findings.md) what is behind some of
them. [results/questions](../results/README.md) has every trial.
"""


def page(found: Latest, grounds: Mapping[str, Ground], prices: Prices) -> str:
    """As it should be. ``grounds``: of each experiment."""
    asked = asked_in(found)
    leads = [f"- [{each.asks}](#{slug(each.asks)})" for each in asked]
    sections = [section(each, found, grounds, prices) for each in asked]
    return "\n".join([HEAD, *leads, "", HOW.format(sure=how_sure(found.medians)), *sections])


def how_sure(medians: Sequence[Median]) -> str:
    """What a figure is, and how often its range holds the true median at the least."""
    several = [median.trials for median in medians if median.trials > 1]
    if not several:
        return "Each figure is of one trial: another may give another."
    fewest = min(several)
    return (
        "A figure is the median of the valid trials, in brackets their range; one without brackets "
        f"is of one trial, or of several that agree. The range of {fewest} trials holds the true "
        f"median in {100 * coverage(fewest, 0):.0f} % of cases."
    )


def section(
    question: Question, found: Latest, grounds: Mapping[str, Ground], prices: Prices
) -> str:
    said = answered(question, found, prices)
    sentences = "\n".join(f"- **{each.name}**: {each.words}." for each in said)
    trials = behind(question, found, prices)
    parts = [f"## {question.asks}", question.note, sentences]
    parts += below(question, found, prices, trials, sentences)
    parts += ["Measured:", "\n".join(measured(trials, grounds))]
    return "\n\n".join(parts) + "\n"


def below(
    question: Question, found: Latest, prices: Prices, trials: Sequence[ShownTrial], said: str
) -> Iterator[str]:
    """All figures, what the sentences have not ``said``, and what to know of the ``trials``."""
    name, notes = question.scenario, [*remarked(trials)]
    if name == COST:
        yield cost_table(priced := headline(costs(found.costs, prices)))
        yield " ".join(filter(None, [interval_said(priced), CAPTION]))
    else:
        own = found.of(name)
        yield figures_of(own, name)
        others = [note for note in why(own) if note.rpartition(": ")[2] not in said]
        notes = [*asked_by_name(own, name), *others, *notes]
    if notes:
        yield "\n".join(notes)
    yield from speeds_said(trials)
