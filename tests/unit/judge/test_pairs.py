"""Ratios of paired blocks."""

import math

import pytest

from harness.judge.pairs import Values, log_margin, log_ratios


def test_log_ratios_are_candidate_over_baseline() -> None:
    d = log_ratios([100, 200, 50], [110, 200, 25])
    assert d == pytest.approx([math.log(1.1), 0, -math.log(2)], abs=1e-12)
    assert d[1] == 0


@pytest.mark.parametrize(
    ("baseline", "candidate", "said"),
    [
        ([1, 2], [1], "not paired: 2 blocks of one, 1 of the other"),
        ([], [], "baseline: no blocks"),
        ([1, 2], [1, 0], "candidate: 0 in block 2 is not a number > 0"),
        ([1, -3], [1, 1], "baseline: -3 in block 2"),
        ([math.nan], [1], "baseline: nan in block 1"),
        ([1], [math.inf], "candidate: inf in block 1"),
        ([[1, 2]], [[1, 2]], "one value a block wanted"),
    ],
)
def test_what_is_wrong_with_the_pairs_is_said(
    baseline: Values, candidate: Values, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        log_ratios(baseline, candidate)


def test_a_margin_is_the_same_whichever_arm_is_the_baseline() -> None:
    assert log_margin(0.05) == pytest.approx(math.log(1.05))
    assert math.exp(-log_margin(0.05)) == pytest.approx(1 / 1.05)
    with pytest.raises(ValueError, match=r"0\.05 for 5 %"):
        log_margin(5)
