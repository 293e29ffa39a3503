"""What is said of the values beside a verdict."""

import numpy as np
import pytest

from harness.judge.claims import Claim, Wording
from harness.judge.remarks import lag_1, neighbours, remarks
from harness.measure.layouts import Array


def claim(baseline: Array, candidate: Array) -> Claim:
    wording = Wording("alpha", "beta")
    return Claim(np.exp(baseline), np.exp(candidate), 0.05, True, wording=wording)


def test_independent_symmetric_values_are_seldom_remarked_on() -> None:
    rng = np.random.default_rng(1)
    claims = [claim(*rng.normal(0, 0.05, (2, 15))) for _ in range(300)]
    told = [said for each in claims if (said := remarks(each)) and "disagree" not in said]
    assert len(told) <= 300 * 0.03 + 9  # three questions at one in a hundred, and three deviations


def test_blocks_that_drift_together_are_remarked_on() -> None:
    wave = 0.1 * np.sin(np.arange(15) / 2.5)
    assert lag_1(wave) > 0.8
    said = remarks(claim(np.zeros(15), wave))
    assert "neighbouring blocks are alike (lag-1 correlation +0.9" in str(said)
    assert "narrower" in str(said)
    assert "unlike" in str(neighbours(0.1 * (-1.0) ** np.arange(15)))
    assert lag_1(np.ones(15)) == 0.0


@pytest.mark.parametrize("upside", [1, -1])
def test_skew_in_one_arm_is_remarked_on(upside: int) -> None:
    rng = np.random.default_rng(2)
    steady = rng.normal(0, 0.02, 15)
    skewed = steady[::-1].copy()
    skewed[[2, 9]] += 0.4 * upside
    said = str(remarks(claim(steady, skewed)))
    assert "beta is skewed over the blocks" in said
    both = remarks(claim(skewed, skewed + steady / 10))  # a shared drift: differences are not
    assert "skewed" not in str(both)
