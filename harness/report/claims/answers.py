"""What is said of each claim, from what was measured."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.cli.claims import Measurement, PublishedClaim
from harness.cli.matrix import Matrix
from harness.judge.reproduction import Figure, Finding, decide, figure_of, undecided
from harness.report.claims.measured import Identity, Measured, Trials, identity_of
from harness.report.rows.claims import OfClaim


@dataclass(frozen=True)
class ClaimAnswer:
    """``figure``: the ratio, or the figure of the one side; ``each``: of every side, and ``arms``
    a row of each. ``why``: what keeps it undecided, in words. ``experiment``: empty where nothing
    was measured.
    """

    measurement: Measurement
    finding: Finding
    figure: Figure
    each: Sequence[Figure]
    why: str = ""
    experiment: str = ""
    arms: Sequence[OfClaim | None] = ()


@dataclass(frozen=True)
class AnsweredClaim:
    """A claim with its answers, in the order of its measurements."""

    claim: PublishedClaim
    answers: Sequence[ClaimAnswer]

    def of(self, role: str) -> ClaimAnswer | None:
        return next((a for a in self.answers if a.measurement.role == role), None)

    @property
    def main(self) -> ClaimAnswer:
        """Measured properly, or else as they did."""
        return self.of("properly") or self.of("as they did") or self.answers[0]

    @property
    def finding(self) -> Finding:
        return self.main.finding

    @property
    def experiments(self) -> list[str]:
        """That it is answered from."""
        return sorted({each.experiment for each in self.answers if each.experiment})


def answered(
    claims: Sequence[PublishedClaim], matrix: Matrix, measured: Measured
) -> list[AnsweredClaim]:
    return [
        AnsweredClaim(claim, [answer(each, matrix, measured) for each in claim.measurements])
        for claim in claims
    ]


def answer(asked: Measurement, matrix: Matrix, measured: Measured) -> ClaimAnswer:
    """From the newest experiment that gives an interval, or from the newest that has trials."""
    sides = [identity_of(side, matrix) for side in asked.sides]
    answers = [
        answer_from(asked, experiment, [by_side[side] for side in sides])
        for experiment, by_side in reversed(list(measured.items()))
        if there(by_side, sides)
    ]
    whole = (each for each in answers if each.figure.low is not None)
    nothing = ClaimAnswer(asked, Finding.UNDECIDABLE, Figure(0), [], "not measured")
    return next(whole, answers[0] if answers else nothing)


def there(by_side: Mapping[Identity, Trials], sides: Sequence[Identity]) -> bool:
    """Whether an experiment has a trial of each."""
    return all(side in by_side for side in sides)


def answer_from(asked: Measurement, experiment: str, trials: Sequence[Trials]) -> ClaimAnswer:
    """From the blocks that have a value of every side."""
    values = [each.values.get(asked.metric, {}) for each in trials]
    measured = [{block for block, value in each.items() if value > 0} for each in values]
    blocks = sorted(set.intersection(*measured))
    logs = [[math.log(each[block]) for block in blocks] for each in values]
    ratio = [a - b for a, b in zip(*logs, strict=True)] if asked.over else logs[0]
    figure = figure_of(ratio)
    finding = decide(asked.bounds, figure)
    why = reason(asked, figure, trials) if finding is Finding.UNDECIDABLE else ""
    each = [figure_of(own) for own in logs]
    arms = [own.first for own in trials]
    return ClaimAnswer(asked, finding, figure, each, why, experiment, arms)


def reason(asked: Measurement, figure: Figure, trials: Sequence[Trials]) -> str:
    """What keeps it undecided; with the first trial that gave no figure, where that is why."""
    said = undecided(asked.bounds, figure)
    void = [why for each in trials for _, why in sorted(each.void.items())]
    return f"{said}: {void[0]}" if void and figure.low is None else said
