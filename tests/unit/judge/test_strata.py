"""Unlike machines as strata: an effect that all share is found, one that they do not is told."""

import itertools
import math

import numpy as np
import pytest

from harness.judge.claims import DIFFERENT, Claim
from harness.judge.pairs import by_stratum, spread
from harness.judge.signed_ranks import (
    hodges_lehmann,
    signed_rank_cdf,
    signed_rank_interval,
    signed_rank_p,
    walsh_averages,
)
from harness.judge.strata import LEAST, RARE, alike_p, alike_words, complaints
from harness.judge.verdicts import judge_family
from harness.measure.layouts import Array
from harness.prove.validate.found import chance_most

EXPERIMENTS = 200
A, B = 0.02, 0.06  # how much the log-ratios of blocks scatter on each kind
STRATA = ["A"] * 8 + ["B"] * 7


def drawn(rng: np.random.Generator, strata: list[str], effects: tuple[float, float]) -> Array:
    """Log-ratios of blocks on two kinds of machine; B scatters three times as much as A."""
    of_b = np.array(strata) == "B"
    noise: Array = rng.normal(size=len(strata)) * np.where(of_b, B, A)
    return noise + np.where(of_b, effects[1], effects[0])


def verdict(d: Array, strata: list[str]) -> tuple[bool, str]:
    """Whether a difference is found, and what is said. Speeds differ fourfold between kinds."""
    baseline = np.where(np.array(strata) == "B", 400.0, 100.0)
    found = list(complaints(d, strata))
    claim = Claim(baseline, baseline * np.exp(d), 0.05, True, tuple(found), strata=strata)
    (only,) = judge_family([claim])
    return only.kind in DIFFERENT, only.sentence


def test_averages_are_of_blocks_of_one_stratum() -> None:
    d = np.array([1.0, 10.0, 3.0, 30.0])
    assert walsh_averages(d, ["A", "B", "A", "B"]).tolist() == [1, 2, 3, 10, 20, 30]
    assert hodges_lehmann(d, ["A", "B", "A", "B"]) == 6.5
    assert [*by_stratum(d, ["A", "B", "A", "B"])] == ["A", "B"]
    with pytest.raises(ValueError, match="4 blocks have 1 strata"):
        by_stratum(d, ["A"])


def test_the_null_distribution_is_that_of_all_sign_patterns_within_strata() -> None:
    patterns = np.array(list(itertools.product((0, 1), repeat=7)))
    sums = patterns @ np.array([1, 2, 3, 4, 1, 2, 3])
    brute = [np.mean(sums <= t) for t in range(17)]
    assert signed_rank_cdf(4, 3) == pytest.approx(brute, abs=1e-15)


def test_one_stratum_is_judged_as_without_any() -> None:
    d = np.random.default_rng(1).normal(size=12)
    one = ["A"] * 12
    assert signed_rank_interval(d, 0.95, one) == signed_rank_interval(d)
    assert signed_rank_p(d, one) == signed_rank_p(d)
    assert spread(d, one) == pytest.approx(np.std(d, ddof=1))
    assert [*complaints(d, one), alike_words(d, one)] == [""]


def test_equal_arms_on_unlike_machines_raise_no_more_alarms_than_they_may() -> None:
    rng = np.random.default_rng(2)
    alarms = [verdict(drawn(rng, STRATA, (0, 0)), STRATA)[0] for _ in range(EXPERIMENTS)]
    assert sum(alarms) <= chance_most(EXPERIMENTS, 0.05)


def test_an_effect_that_all_machines_share_is_found_and_its_interval_holds_it() -> None:
    rng, effect = np.random.default_rng(3), math.log(1.06)
    held = found = 0
    for _ in range(EXPERIMENTS):
        d = drawn(rng, STRATA, (effect, effect))
        found += verdict(d, STRATA)[0]
        interval = signed_rank_interval(d, 0.95, STRATA)
        held += interval.low <= effect <= interval.high
    assert found > 0.8 * EXPERIMENTS
    assert EXPERIMENTS - held <= chance_most(EXPERIMENTS, 0.05)


def test_unbalanced_blocks_do_not_bias() -> None:
    """Eleven blocks of one kind and four of the other: the estimates are around the effect."""
    rng, effect, strata = np.random.default_rng(4), 0.05, ["A"] * 4 + ["B"] * 11
    found = [
        hodges_lehmann(drawn(rng, strata, (effect, effect)), strata) for _ in range(EXPERIMENTS)
    ]
    assert np.mean(found) == pytest.approx(effect, abs=4 * np.std(found) / math.sqrt(EXPERIMENTS))


def test_machines_that_agree_are_rarely_said_to_disagree() -> None:
    rng = np.random.default_rng(5)
    groups = [by_stratum(drawn(rng, STRATA, (0.1, 0.1)), STRATA) for _ in range(EXPERIMENTS)]
    told = sum(alike_p(list(each.values())) < RARE for each in groups)
    assert told <= chance_most(EXPERIMENTS, RARE)


def test_an_effect_of_its_own_on_each_kind_is_told_and_gets_no_verdict() -> None:
    rng = np.random.default_rng(6)
    found, said = verdict(drawn(rng, STRATA, (0.3, -0.3)), STRATA)
    assert not found
    assert "unlike machines disagree on the effect (p = " in said
    assert "on A (8 blocks)" in said
    assert "on B (7 blocks)" in said


def test_each_ratio_is_said_beside_that_of_all() -> None:
    d = drawn(np.random.default_rng(7), STRATA, (0.2, 0.2))
    _, said = verdict(d, STRATA)
    assert f"by machine {math.exp(hodges_lehmann(d[:8])):#.4g} on A (8 blocks), " in said


def test_a_stratum_of_too_few_blocks_withholds_the_verdict() -> None:
    strata = ["A"] * 8 + ["B"]
    (said,) = complaints(np.linspace(0, 1, 9), strata)
    assert said == f"1 block on B, and it takes {LEAST} to tell whether machines agree"


def test_values_that_do_not_vary_are_alike_where_they_are_equal() -> None:
    still = [np.full(3, 0.5), np.full(3, 0.5)]
    assert alike_p(still) == 1.0
    assert alike_p([still[0], np.full(3, 0.6)]) == 0.0
    assert alike_p([still[0], np.array([0.4, 0.5, 0.6])]) == pytest.approx(1.0)
