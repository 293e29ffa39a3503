"""p adjusted over a family."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.judge.families import benjamini_hochberg, holm

SHARES = st.lists(st.floats(0, 1), max_size=12)


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1, 1]
    assert holm([0.03]) == [0.03]
    assert holm([]) == []


def test_benjamini_hochberg_by_hand() -> None:
    """Sorted .005 .01 .03 .04 times 4/1 4/2 4/3 4/4, least of what follows."""
    found = benjamini_hochberg([0.01, 0.04, 0.03, 0.005])
    assert found == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert benjamini_hochberg([]) == []


@given(SHARES)
def test_adjusted_p_keep_order_and_grow(p: list[float]) -> None:
    strict, mild = holm(p), benjamini_hochberg(p)
    assert all(1 >= h >= q >= x for h, q, x in zip(strict, mild, p, strict=True))
    ranked = [h for _, h in sorted(zip(p, strict, strict=True))]
    assert ranked == sorted(ranked)


def test_what_is_no_probability_is_refused() -> None:
    for adjust in (holm, benjamini_hochberg):
        with pytest.raises(ValueError, match="between 0 and 1"):
            adjust([0.5, 1.5])
        with pytest.raises(ValueError, match="between 0 and 1"):
            adjust([math.nan])
