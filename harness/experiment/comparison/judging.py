"""From what was measured to verdicts."""

from typing import NamedTuple

from harness.experiment.comparison.comparison import Comparison, Key, Pair, Question
from harness.experiment.comparison.measured import Measured
from harness.judge.claims import Claim, Verdict, Wording
from harness.judge.pins import WORKERS_PINNED, pinned_in_words
from harness.judge.strata import complaints as disagreements
from harness.judge.verdicts import judge_family
from harness.scenario.catalogue import load_words
from harness.scenario.primary import Better, Primary
from infrastructure.counted import counted

MOST_COMPLAINTS = 3  # in one sentence


class Judged(NamedTuple):
    """The answer to a question."""

    key: Key
    pair: Pair
    verdict: Verdict


def judge_comparison(comparison: Comparison, found: Measured) -> list[Judged]:
    """Verdicts of the whole family."""
    questions = comparison.questions()
    verdicts = judge_family([claim(comparison, found, each) for each in questions])
    return [Judged(*asked, verdict) for asked, verdict in zip(questions, verdicts, strict=True)]


def claim(comparison: Comparison, found: Measured, question: Question) -> Claim:
    key, pair = question
    metric = comparison.primary(key)
    values = found.paired(key, pair)
    complaints = found.about(key.load, pair)
    if not complaints and values.blocks < comparison.least_blocks:
        complaints.append(
            f"{counted(values.blocks, 'block')} with both arms, {comparison.least_blocks} wanted "
            f"to find anything among {counted(comparison.claims, 'claim')}"
        )
    if not complaints and not values.positive:
        complaints.append("a value of zero or less: too small a load to measure this")
    if not complaints:
        complaints += disagreements(values.d, values.strata)
    return Claim(
        values.baseline,
        values.candidate,
        metric.margin,
        metric.better is Better.HIGHER,
        tuple(complaints[:MOST_COMPLAINTS]),
        wording(comparison, question, metric, pinned(comparison, found, question)),
        values.strata,
    )


def pinned(comparison: Comparison, found: Measured, question: Question) -> str:
    """Whose workers kept to cores, in words."""
    key, pair = question
    blocks = found.of(key._replace(metric=WORKERS_PINNED)).values()
    arms = [(comparison.name(arm), any(values.get(arm) for values in blocks)) for arm in pair]
    return pinned_in_words(key.metric, arms)


def wording(comparison: Comparison, question: Question, metric: Primary, pinned: str) -> Wording:
    key, pair = question
    return Wording(
        comparison.name(pair.baseline),
        comparison.name(pair.candidate),
        f"{load_words(key.load)}: {metric.name}",
        metric.words.better,
        metric.words.worse,
        pinned,
    )
