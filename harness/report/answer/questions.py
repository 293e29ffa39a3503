"""The questions that a reader has first: four of every bench, or the first of each scenario."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.cli.numbers import in_words
from harness.cli.words import scenario_names
from harness.report.answer.facts import Facts
from harness.report.rows.trials import Median
from harness.report.titles import capital
from harness.scenario.catalogue import KILLED, load_scenario
from harness.scenario.primary import Better

MOST = 4  # questions


@dataclass(frozen=True)
class Question:
    """A metric of a scenario; ``says`` is the sentence about two arms, ``verb`` that about one.

    ``times`` in it is the ratio of the two, ``share`` by how many percent the lower one is lower.
    """

    scenario: str
    metric: str
    title: str
    says: str
    verb: str

    @property
    def better(self) -> Better:
        """As the scenario says it of a primary metric; of any other, less is better."""
        primary = {metric.name: metric.better for metric in load_scenario(self.scenario).primary}
        return primary.get(self.metric, Better.LOWER)

    @property
    def higher(self) -> bool:
        return self.better is Better.HIGHER

    @property
    def direction(self) -> str:
        return f"{self.better.value} is better"


ASKED = (
    Question(
        "throughput",
        "drain_rate",
        "Throughput",
        "{best} drains {times} as many tasks/s as {other}",
        "drains most",
    ),
    Question(
        "latency",
        "sojourn_p99",
        "Latency p99",
        "{best} has the lower p99{at}: {low} against {high} of {other}",
        "has the lowest p99{at}",
    ),
    Question(
        "latency",
        "sojourn_p50",
        "Latency p50",
        "{best} has the lower median latency{at}: {low} against {high} of {other}",
        "has the lowest median latency{at}",
    ),
    Question(
        "throughput",
        "workers_cpu_per_task",
        "CPU per task, workers",
        "{best} takes {share} less CPU per task than {other}",
        "takes the least CPU per task",
    ),
    Question(
        "throughput",
        "workers_pss_peak",
        "Memory, workers at peak",
        "{best} takes {share} less memory than {other}",
        "takes the least memory",
    ),
)
# Beside them, in the table of many arms.
AFTER_KILL = (
    Question(
        KILLED,
        "not_redone",
        "After kill -9: not redone",
        "after a kill -9 {best} leaves {low} of the tasks at work not redone, {other} {high}",
        "leaves the fewest tasks not redone after a kill -9",
    ),
    Question(
        KILLED,
        "redone_after",
        "After kill -9: redone after",
        "after a kill -9 {best} redoes what was at work after {low}, {other} after {high}",
        "redoes soonest what was at work at a kill -9",
    ),
    Question(
        KILLED,
        "redone_twice",
        "After kill -9: redone twice",
        "after a kill -9 {best} redoes {low} more than once, {other} {high}",
        "redoes the fewest tasks more than once after a kill -9",
    ),
)
LATENCIES = ("sojourn_p99", "sojourn_p50")  # the first that there is


def questions(facts: Facts) -> list[Question]:
    """Those that some arm has a figure for; else the first primary metric of each scenario."""
    there = {(median.scenario, median.name) for median in facts.medians}
    found = [each for each in ASKED if (each.scenario, each.metric) in there]
    latency = [each for each in found if each.metric in LATENCIES][1:]
    found = [each for each in found if each not in latency]
    return found or list(firsts(facts))[:MOST]


def after_kill(facts: Facts) -> list[Question]:
    """Those that some arm has a figure for."""
    there = {(median.scenario, median.name) for median in facts.medians}
    return [each for each in AFTER_KILL if (each.scenario, each.metric) in there]


def firsts(facts: Facts) -> Iterator[Question]:
    for scenario in facts.scenarios():
        if scenario in scenario_names():
            yield from first_of(scenario, facts.medians)


def first_of(scenario: str, medians: Sequence[Median]) -> Iterator[Question]:
    """The first primary metric of a scenario that some arm has."""
    there = {median.name for median in medians if median.scenario == scenario}
    for primary in load_scenario(scenario).primary:
        if primary.name in there:
            name = in_words(primary.name)
            title = f"{capital(in_words(scenario))}: {name}"
            says = f"{{best}} is {primary.words.better} than {{other}}: {name} {{low}}, {{high}}"
            yield Question(scenario, primary.name, title, says, f"is best in {name}")
            return
