"""The claims that a database answers, and what README says of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.cli.claims import read_claims
from harness.cli.matrix import read_matrix
from harness.judge.reproduction import Finding
from harness.report.claims.answers import AnsweredClaim, ClaimAnswer, answered
from harness.report.claims.measured import read_measured
from harness.report.claims.page import tally
from harness.report.claims.words import figure_words
from harness.report.titles import capital

MOST = 3  # that README names
PAGE = "docs/claims.md"


def read_answered(database: Path) -> list[AnsweredClaim]:
    """Every declared claim, with what all experiments of the database say; none where they say
    nothing.
    """
    found = answered(read_claims(), read_matrix(), read_measured(database))
    return found if any(each.experiments for each in found) else []


def claims_in(database: Path) -> list[str]:
    return experiments_of(read_answered(database))


def experiments_of(found: Sequence[AnsweredClaim]) -> list[str]:
    """That the claims are answered from."""
    return sorted({name for each in found for name in each.experiments})


def block(found: Sequence[AnsweredClaim]) -> str:
    """How many are what, and some that are refuted; empty where none was measured."""
    if not found:
        return ""
    head = f"**[Claims of others, measured again]({PAGE})**: {tally(found)}"
    lines = [f"- *{capital(each.claim.claims)}*: {figures(each)}." for each in shown(found)]
    return "\n".join([head, "", *lines, ""])


def shown(found: Sequence[AnsweredClaim]) -> list[AnsweredClaim]:
    """Some that are refuted, first those that hold under their own conditions only."""
    refuted = [each for each in found if each.finding is Finding.NOT_REPRODUCED]
    return sorted(refuted, key=lambda each: not only_theirs(each))[:MOST]


def only_theirs(found: AnsweredClaim) -> bool:
    """Whether it is reproduced as they did, and so refuted under equal conditions only."""
    theirs = found.of("as they did")
    return theirs is not None and theirs.finding is Finding.REPRODUCED


def figures(found: AnsweredClaim) -> str:
    """``12.6 [12.3, 13.0] times as they did, 1.01 [0.98, 1.04] times properly (…)``."""
    return ", ".join(map(figure, [*others(found), found.main]))


def others(found: AnsweredClaim) -> Iterator[ClaimAnswer]:
    """What was measured of the claim beside what decides."""
    for each in found.answers:
        if each is not found.main and each.measurement.role != "why" and each.figure.low:
            yield each


def figure(answer: ClaimAnswer) -> str:
    asked = answer.measurement
    note = f" ({asked.note})" if asked.role == "properly" and asked.note else ""
    return f"{figure_words(asked, answer.figure)} {asked.role}{note}"
