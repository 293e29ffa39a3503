"""What is said of a claim, from rows as a database or an export has them."""

from collections.abc import Iterable, Sequence
from datetime import date

import pytest

from harness.cli.claims import Bounds, Measurement, PublishedClaim, Region, Side
from harness.cli.matrix import Matrix
from harness.judge.reproduction import Finding
from harness.report.claims.answers import AnsweredClaim, ClaimAnswer, answer, answered
from harness.report.claims.measured import gathered, identity_of
from harness.report.rows.claims import OfClaim

CELERY = Side("celery@solo,profile=tuned,set=loglevel=INFO,take=processes=1", "throughput")
TASKIQ = Side("taskiq", "claimed at computing")
AT_LEAST_4 = Bounds(Region(4, float("inf")), (Region(0, 3),))
RATIO = Measurement("properly", "5.8 times", "drain_rate", "tasks/s", AT_LEAST_4, TASKIQ, CELERY)
SEVEN = [100.0, 101.0, 99.0, 100.5, 99.5, 100.2, 99.8]


def rows(
    matrix: Matrix, side: Side, values: Sequence[float], experiment: str = "e1", status: str = "ok"
) -> Iterable[OfClaim]:
    framework, version, variant, profile, broker, *_ = identity_of(side, matrix)
    arm = (framework, version, variant, "3.12.1", broker, "embedded", profile)
    place = (side.scenario, side.point)
    good = status == "ok"
    for block, value in enumerate(values, 1):
        reason = None if good else "lost: 3 of 100 tasks"
        figure = ("drain_rate", value) if good else (None, None)
        yield OfClaim(*arm, experiment, *place, block, status, reason, *figure)


def asked(matrix: Matrix, *of: Iterable[OfClaim], measurement: Measurement = RATIO) -> ClaimAnswer:
    return answer(measurement, matrix, gathered(row for each in of for row in each))


def test_an_arm_is_found_by_all_that_tells_it_from_others(matrix: Matrix) -> None:
    newest = matrix.frameworks["celery"].versions[0]
    words = "solo loglevel=INFO processes=1"
    known = ("celery", newest, words, "tuned", "redis", "throughput", "")
    assert identity_of(CELERY, matrix) == known


def test_a_ratio_is_taken_within_each_block(matrix: Matrix) -> None:
    drifting = [value * 2**n for n, value in enumerate(SEVEN)]
    found = asked(
        matrix,
        rows(matrix, TASKIQ, [5 * value for value in drifting]),
        rows(matrix, CELERY, drifting),
    )
    assert found.finding is Finding.REPRODUCED
    assert found.figure.value == pytest.approx(5.0)
    assert found.figure.low == pytest.approx(5.0)
    assert [each.blocks for each in found.each] == [7, 7]
    assert found.experiment == "e1"
    assert [arm.framework for arm in found.arms if arm] == ["taskiq", "celery"]


def test_a_figure_of_one_arm_has_its_own_interval(matrix: Matrix) -> None:
    alone = Measurement("properly", "at least 4", "drain_rate", "tasks/s", AT_LEAST_4, TASKIQ)
    found = asked(matrix, rows(matrix, TASKIQ, SEVEN), measurement=alone)
    assert found.finding is Finding.REPRODUCED
    assert found.figure.value == pytest.approx(100, rel=0.01)


def test_too_few_blocks_decide_nothing_and_a_void_trial_says_why(matrix: Matrix) -> None:
    few = asked(matrix, rows(matrix, TASKIQ, SEVEN[:5]), rows(matrix, CELERY, SEVEN))
    assert few.finding is Finding.UNDECIDABLE
    assert few.why == "5 blocks give no interval, which takes 6"
    void = asked(matrix, rows(matrix, TASKIQ, SEVEN), rows(matrix, CELERY, SEVEN, status="invalid"))
    assert void.why == "0 blocks give no interval, which takes 6: lost: 3 of 100 tasks"


def test_the_newest_experiment_with_an_interval_answers(matrix: Matrix) -> None:
    both = [
        (TASKIQ, [5 * value for value in SEVEN], "e1"),
        (CELERY, SEVEN, "e1"),
        (TASKIQ, [2 * value for value in SEVEN], "e2"),
        (CELERY, SEVEN, "e2"),
        (TASKIQ, SEVEN[:1], "e3"),
    ]
    found = asked(matrix, *(rows(matrix, *each) for each in both))
    assert (found.experiment, found.finding) == ("e2", Finding.NOT_REPRODUCED)
    one_side = asked(matrix, rows(matrix, TASKIQ, SEVEN, "e3"))
    assert (one_side.experiment, one_side.why) == ("", "not measured")
    few = (rows(matrix, TASKIQ, SEVEN[:1], "e3"), rows(matrix, CELERY, SEVEN[:1], "e3"))
    first = asked(matrix, *few)
    assert (first.experiment, first.finding) == ("e3", Finding.UNDECIDABLE)


def test_what_was_not_measured_is_said(matrix: Matrix) -> None:
    found = asked(matrix)
    assert (found.finding, found.why, found.each) == (Finding.UNDECIDABLE, "not measured", [])


def test_a_claim_is_answered_properly_before_as_they_did(matrix: Matrix) -> None:
    theirs = Measurement("as they did", "x", "drain_rate", "tasks/s", AT_LEAST_4, TASKIQ)
    day = date(2026, 11, 28)
    claim = PublishedClaim("x", "x", "b", "u", day, "page", "", "", [theirs, RATIO])
    measured = gathered([*rows(matrix, TASKIQ, SEVEN), *rows(matrix, CELERY, SEVEN)])
    [found] = answered([claim], matrix, measured)
    assert [each.finding for each in found.answers] == [
        Finding.REPRODUCED,
        Finding.NOT_REPRODUCED,
    ]
    assert found.finding is Finding.NOT_REPRODUCED
    assert found.experiments == ["e1"]
    assert AnsweredClaim(claim, found.answers[:1]).finding is Finding.REPRODUCED
