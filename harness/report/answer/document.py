"""The answer as a document: JSON for programs, Markdown for people."""

from collections.abc import Sequence
from typing import Any

from harness.report.answer.ranking import Ranking
from harness.report.answer.sentences import ratio_of, said

SCHEMA = "taskqueue-bench/answer/1"


def document(rankings: Sequence[Ranking]) -> dict[str, Any]:
    """Plain values, ready for JSON."""
    return {"schema": SCHEMA, "questions": [question(ranking) for ranking in rankings]}


def question(ranking: Ranking) -> dict[str, Any]:
    told = said(ranking)
    return {
        "scenario": ranking.question.scenario,
        "point": ranking.point,
        "metric": ranking.question.metric,
        "unit": ranking.unit,
        "better": ranking.question.better.value,
        "same_rate": ranking.equal,
        "sentence": told.sentence,
        "how_sure": told.how,
        "established": told.sure,
        "arms": arms(ranking),
        "cannot_be_told_apart": [
            [one.label for one in ranking.estimates[tie.first : tie.last + 1]]
            for tie in ranking.ties
        ],
        "without_figure": [
            {"arms": list(void.labels), "why": void.why, "reason": void.reason}
            for void in ranking.voids
        ],
    }


def arms(ranking: Ranking) -> list[dict[str, Any]]:
    """The best first. ``times_the_best`` is null where rates differ."""
    best = ranking.estimates[0]
    return [
        {
            "arm": one.label,
            "median": one.value,
            "low": one.spread.low,
            "high": one.spread.high,
            "coverage": one.spread.coverage,
            "trials": one.trials,
            "offered": one.offered,
            "times_the_floor": one.floor,
            "times_the_best": ratio_of(best, one, ranking.verdict(best, one))
            if ranking.equal
            else None,
        }
        for one in ranking.estimates
    ]
