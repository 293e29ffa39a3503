"""A ranking in words: who leads, by how much, and how sure that is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.cli.numbers import number
from harness.judge.claims import Kind
from harness.judge.pins import pinned_in_words
from harness.report.answer.estimates import Estimate
from harness.report.answer.ranking import Ranking
from harness.report.rows.answer import PairVerdict
from infrastructure.counted import counted

ESTABLISHED = {Kind.FASTER, Kind.SLOWER}
MOST_NAMES = 4


@dataclass(frozen=True)
class Said:
    """``sure``: whether a verdict establishes it; ``how``: by what, in words."""

    sentence: str
    how: str
    sure: bool


def said(ranking: Ranking) -> Said:
    """The answer to a question, and whether it is one of pinned workers."""
    ranking = ranking.of_frameworks()
    told = answer(ranking)
    leaders = ranking.leaders
    pinned = whose_pins(ranking, leaders if len(leaders) > 1 else ranking.estimates[:2])
    return replace(told, how="; ".join(filter(None, [told.how, pinned])))


def whose_pins(ranking: Ranking, about: Sequence[Estimate]) -> str:
    """A ratio that is a verdict's is one of its trials, which may be others than those shown."""
    verdict = ranking.verdict(about[0], about[-1])
    judged = dict[int, bool]()
    if verdict is not None and verdict.ratio:
        judged[verdict.baseline] = verdict.baseline_pinned
        judged[verdict.candidate] = verdict.candidate_pinned
    arms = [(one.label, judged.get(one.arm, one.pinned)) for one in about]
    return pinned_in_words(ranking.question.metric, arms)


def answer(ranking: Ranking) -> Said:
    """The same without how the workers were placed."""
    found = ranking.estimates
    if not ranking.equal:
        return Said(f"{ranking.question.title}: not comparable", UNEQUAL, sure=False)
    if len(found) == 1:
        only = found[0]
        sentence = f"{only.label}: {figure(ranking, only)} ({ranking.question.title})"
        return Said(sentence, f"{trials(only)}, no other arm", sure=False)
    if len(ranking.leaders) > 1:
        return tie_said(ranking)
    best, other = found[0], found[1]
    verdict = ranking.verdict(best, other)
    sentence = pair_sentence(ranking, best, other, verdict)
    return Said(sentence, *how_sure(ranking, best, other, verdict))


UNEQUAL = "each arm was offered a share of its own capacity; compare offers all the same rate"


def tie_said(ranking: Ranking) -> Said:
    """Several lead."""
    names = [each.label for each in ranking.leaders]
    if len(names) > MOST_NAMES:
        names = [*names[: MOST_NAMES - 1], f"{len(names) - MOST_NAMES + 1} more"]
    named = f"{', '.join(names[:-1])} and {names[-1]}"
    sentence = f"{ranking.question.title}: {named} cannot be told apart"
    best, last = ranking.leaders[0], ranking.leaders[-1]
    verdict = ranking.verdict(best, last)
    if verdict is None:
        return Said(sentence, "their intervals overlap", sure=False)
    if Kind(verdict.kind) is Kind.INVALID:
        sentence = f"{ranking.question.title}: no verdict on {named}"
        return Said(sentence, "the comparison is void: its verdict says why", sure=False)
    sure = Kind(verdict.kind) is Kind.EQUIVALENT
    words = "no difference that matters" if sure else Kind(verdict.kind).value
    return Said(sentence, f"{words}, {counted(verdict.n, 'block')}", sure=sure)


def pair_sentence(
    ranking: Ranking, best: Estimate, other: Estimate, verdict: PairVerdict | None
) -> str:
    ratio = ratio_of(best, other, verdict)
    return ranking.question.says.format(
        best=best.label,
        other=other.label if len(ranking.estimates) == 2 else f"the next, {other.label}",
        times=times(ratio),
        share=f"{share(ratio)} %",
        low=figure(ranking, best),
        high=figure(ranking, other),
        at=at(best),
    )


def ratio_of(best: Estimate, other: Estimate, verdict: PairVerdict | None) -> float:
    """How many times better, at least 1: by a verdict where there is one, else of the medians."""
    if verdict is not None and verdict.ratio:
        ratio = verdict.ratio
    elif best.value == other.value:
        return 1.0
    else:
        ratio = best.value / other.value if other.value else float("inf")
    return max(ratio, 1 / ratio) if ratio else float("inf")


def behind(ranking: Ranking, one: Estimate) -> str:
    """How many times behind the best; empty of the best itself, and where rates differ."""
    best = ranking.estimates[0]
    if one is best or not ranking.equal:
        return ""
    return times(ratio_of(best, one, ranking.verdict(best, one)))


def beside_floor(one: Estimate) -> str:
    """How many times the floor's it is; empty where there is none."""
    return "" if one.floor is None else f"{number(one.floor)}× the floor"


def how_sure(
    ranking: Ranking, best: Estimate, other: Estimate, verdict: PairVerdict | None
) -> tuple[str, bool]:
    """By what, and whether that establishes it."""
    if verdict is None:
        return f"not tested: {trials(best)} against {trials(other)}", False
    if verdict.low is None or verdict.high is None:
        return "no verdict: a trial of the comparison is invalid", False
    low, high = sorted(factor(end, verdict) for end in (verdict.low, verdict.high))
    as_share = "{share}" in ranking.question.says  # the interval is of what the sentence says
    ends = f"{share(low)} to {share(high)} %" if as_share else f"{times(low)} to {times(high)}"
    interval = f"95 % interval {ends}, {counted(verdict.n, 'block')}"
    if Kind(verdict.kind) in ESTABLISHED:
        return f"established: {interval}", True
    return f"different, size uncertain: {interval}", True


def factor(end: float, verdict: PairVerdict) -> float:
    """An end of the interval, as the ratio is told: above 1."""
    return end if verdict.ratio and verdict.ratio >= 1 else 1 / end


def times(ratio: float) -> str:
    """A factor in two digits, in three where the first says little."""
    if not math.isfinite(ratio):
        return "∞×"
    digits = 0 if ratio >= 9.95 else 2 if ratio < 1.995 else 1
    return f"{ratio:,.{digits}f}×"


def share(ratio: float) -> str:
    """By how many percent the lower of two is lower."""
    return f"{100 * (1 - 1 / ratio):.0f}"


def spread(one: Estimate) -> str:
    """An interval in words."""
    return ": ".join(filter(None, [ends(one), kind(one)]))


def ends(one: Estimate) -> str:
    """From where to where an interval goes; empty where one trial has none."""
    return "" if one.trials == 1 else f"{number(one.spread.low)} to {number(one.spread.high)}"


def kind(one: Estimate) -> str:
    """What an interval is, and of how many trials."""
    if one.trials == 1:
        return "one trial, no interval"
    covers = f"range, covers {100 * one.spread.coverage:.0f} %"
    return f"{'95 % interval' if one.spread.sure else covers} of {one.trials} trials"


def trials(one: Estimate) -> str:
    return counted(one.trials, "trial")


def at(one: Estimate) -> str:
    return "" if one.offered is None else f" at {number(one.offered)} tasks/s"


def figure(ranking: Ranking, one: Estimate) -> str:
    return " ".join(filter(None, [number(one.value), ranking.unit]))
