"""Every row of the verdict table, its words, and how often it errs."""

import math
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.judge.claims import Claim, Kind, Verdict, Wording
from harness.judge.verdicts import judge_family
from harness.prove.validate.found import chance_most

WORDS = Wording("asynctasq 1.6.0", "asynctasq 1.7.0", "drain_rate")
CLAIMS_A_DIFFERENCE = {Kind.FASTER, Kind.SLOWER, Kind.FASTER_UNCERTAIN, Kind.SLOWER_UNCERTAIN}
MIRROR = {
    Kind.FASTER: Kind.SLOWER,
    Kind.FASTER_UNCERTAIN: Kind.SLOWER_UNCERTAIN,
    Kind.SLOWER: Kind.FASTER,
    Kind.SLOWER_UNCERTAIN: Kind.FASTER_UNCERTAIN,
}


def claim(percent: list[float], *, higher: bool = True, complaints: tuple[str, ...] = ()) -> Claim:
    """Arm B exactly that many percent above arm A, block by block."""
    baseline = np.full(len(percent), 200.0)
    candidate = baseline * (1 + np.array(percent) / 100)
    return Claim(baseline, candidate, 0.05, higher, complaints, WORDS)


ABOVE = [8.0, 9, 10, 11, 12, 13, 14, 15, 16, 17]  # clearly more than 5 %
SOME = [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10]  # more than 0, perhaps not than 5 %
SMALL = [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9]  # more than 0, less than 5 %
NOISE = [-20.0, -14, -9, -3, 2, 5, 8, 13, 16, 19]  # could be anything


def only(found: Claim) -> Verdict:
    (verdict,) = judge_family([found])
    return verdict


def among(found: Claim, family: int) -> Verdict:
    """The verdict on a claim that is the first of so many, of which the others are invalid."""
    return judge_family([found, *[claim(ABOVE, complaints=("loss",))] * (family - 1)])[0]


@pytest.mark.parametrize(
    ("percent", "higher", "kind"),
    [
        (ABOVE, True, Kind.FASTER),
        (ABOVE, False, Kind.SLOWER),
        (SMALL, True, Kind.EQUIVALENT),
        (SMALL, False, Kind.EQUIVALENT),
        (SOME, True, Kind.FASTER_UNCERTAIN),
        (SOME, False, Kind.SLOWER_UNCERTAIN),
        (NOISE, True, Kind.INCONCLUSIVE),
    ],
)
def test_each_row_of_the_table(percent: list[float], higher: bool, kind: Kind) -> None:
    assert only(claim(percent, higher=higher)).kind == kind


def test_the_90_percent_interval_decides_on_equivalence_and_does_so_before_p() -> None:
    """Up to 5.23 % at 95 %, up to 4.74 % at 90 %, and p = .03: no difference larger than 5 %."""
    verdict = only(claim([k - 1.75 for k in range(10)]))
    assert (verdict.high90, verdict.high) == pytest.approx((1.0474, 1.0523), abs=1e-4)
    assert (verdict.kind, verdict.p) == (Kind.EQUIVALENT, 28 / 1024)


def test_a_complaint_comes_before_everything_and_no_value_is_looked_at() -> None:
    broken = Claim([1.0, math.nan], [0.0, 2.0], 0.05, True, ("2 tasks lost in block 1", "x"), WORDS)
    verdict = only(broken)
    assert verdict.kind == Kind.INVALID
    assert verdict.ratio is verdict.low is verdict.high90 is verdict.p is verdict.p_holm is None
    assert verdict.sentence == (
        "No verdict on drain_rate of asynctasq 1.7.0 against asynctasq 1.6.0: "
        "2 tasks lost in block 1; x."
    )


def test_the_sentence_of_a_difference() -> None:
    assert only(claim(ABOVE)).sentence == (
        "asynctasq 1.7.0 is faster than asynctasq 1.6.0 by at least 5 %: drain_rate "
        "asynctasq 1.7.0 / asynctasq 1.6.0 = 1.125, 95 % interval [1.100, 1.150], 10 blocks, "
        "Holm p = 0.002; differences below 2.3 % would go unnoticed."
    )


def test_a_ratio_of_pinned_workers_says_so_and_a_verdict_without_one_does_not() -> None:
    words = replace(WORDS, pinned="workers pinned to cores")
    told = only(replace(claim(ABOVE), wording=words)).sentence
    assert ", 10 blocks, workers pinned to cores, Holm p = 0.002; " in told
    withheld = only(replace(claim(ABOVE, complaints=("loss",)), wording=words)).sentence
    assert "pinned" not in withheld


def test_equivalence_shows_the_interval_that_decided_it() -> None:
    verdict = only(claim(SMALL))
    assert verdict.sentence.startswith("No difference larger than 5 % between asynctasq 1.7.0 and ")
    assert "90 % interval [1.012, 1.016]" in verdict.sentence
    assert verdict.low90 == pytest.approx(1.0125, abs=1e-4)


def test_an_uncertain_size_is_said() -> None:
    verdict = only(claim(SOME, higher=False))
    assert "asynctasq 1.7.0 is slower than asynctasq 1.6.0, size uncertain: " in verdict.sentence
    assert "95 % interval" in verdict.sentence


def test_inconclusive_never_reads_as_equal() -> None:
    verdict = only(claim(NOISE))
    assert verdict.sentence.startswith("Inconclusive whether asynctasq 1.7.0 differs from ")
    assert f"; about {verdict.needed_blocks} blocks would resolve 2.5 %." in verdict.sentence
    assert not any(word in verdict.sentence.lower() for word in ("equal", "no difference", "same"))


def test_inconclusive_for_its_family_alone_does_not_ask_for_blocks_it_has() -> None:
    """p of ten blocks is 0.002 at least: too much among 40 claims, for which it takes 11."""
    verdict = among(claim(ABOVE), 40)
    assert verdict.kind == Kind.INCONCLUSIVE
    assert "; a difference on its own, not among 40 claims (p = 0.002); " in verdict.sentence
    assert "no difference could have been seen among 40 claims" in verdict.sentence
    assert verdict.sensitivity is None
    assert (verdict.needed_blocks or 0) > 10


def test_inconclusive_with_as_many_blocks_as_the_spread_asks_for_asks_for_more() -> None:
    """Signed ranks may want more than the t formula does, here for the zero among the ratios."""
    verdict = only(claim([6.0, 5, 6, -2, 0, 5, 3, 2]))
    assert verdict.kind == Kind.INCONCLUSIVE
    assert verdict.needed_blocks == verdict.n == 8
    assert "; more than the 8 blocks that its spread asks for would resolve 2.5 %." in (
        verdict.sentence
    )


def test_words_fit_the_metric() -> None:
    cpu = Wording(metric="CPU per task", better="cheaper", worse="dearer")
    verdict = only(Claim([100.0] * 6, [80.0] * 6, 0.03, False, (), cpu))
    assert verdict.kind == Kind.FASTER
    assert verdict.sentence.startswith("B is cheaper than A by at least 3 %: CPU per task B / A =")
    assert "differences below 0.1 % would go unnoticed" in verdict.sentence  # never 0


def test_the_family_is_adjusted_and_an_invalid_claim_stays_in_it() -> None:
    void = claim(ABOVE, complaints=("loss",))
    alone, beside = only(claim(ABOVE)), judge_family([void, claim(ABOVE), claim(NOISE)])
    assert [v.kind for v in beside] == [Kind.INVALID, Kind.FASTER, Kind.INCONCLUSIVE]
    assert alone.p == beside[1].p == 2 / 2**10
    assert beside[1].p_holm == pytest.approx(3 * 2 / 2**10)


def test_beyond_the_margin_is_adjusted_as_a_difference_is() -> None:
    """Ten ratios of which the smallest is below the margin: p of "beyond" is 4 / 2¹⁰. Among twelve
    claims that says "by at least", among thirteen that there is a difference.
    """
    percent = [4.9, *(5.5 + k / 2 for k in range(1, 10))]
    alone, few, many = (among(claim(percent), family) for family in (1, 12, 13))
    assert (alone.kind, few.kind) == (Kind.FASTER, Kind.FASTER)
    assert many.kind == Kind.FASTER_UNCERTAIN
    assert "beyond" not in few.sentence
    assert many.sentence.endswith("; beyond 5 % on its own, not among 13 claims.")
    assert many.low == alone.low


def test_no_difference_is_adjusted_too() -> None:
    small = [k - 1.75 for k in range(10)]  # p of "within 5 %" is between .025 and .05
    assert only(claim(small)).kind == Kind.EQUIVALENT
    verdict = among(claim(small), 3)
    assert verdict.kind == Kind.INCONCLUSIVE
    assert "; within 5 % on its own, not among 3 claims; " in verdict.sentence


def test_a_family_of_equal_arms_says_nothing_beyond_its_level() -> None:
    """100 families of 12 claims at exactly +5 %: each family errs in 5 % at most, by "at least 5 %"
    or by "no difference larger than 5 %"; at each claim's own level it would be 46 %.
    """
    rng, wrong_more, wrong_less = np.random.default_rng(14), 0, 0
    for _ in range(100):
        d = rng.normal(math.log1p(0.05), 0.03, (12, 15))
        kinds = {v.kind for v in judge_family([pair_of(row) for row in d])}
        wrong_more += Kind.FASTER in kinds
        wrong_less += Kind.EQUIVALENT in kinds
    print(wrong_more, wrong_less)
    assert max(wrong_more, wrong_less) <= chance_most(100)


def pair_of(d: "np.typing.NDArray[np.float64]") -> Claim:
    return Claim(np.ones(len(d)), np.exp(d), 0.05, True)


def test_what_cannot_be_judged_is_refused() -> None:
    with pytest.raises(ValueError, match="5 blocks give no 95 % interval"):
        only(claim([1.0] * 5))
    with pytest.raises(ValueError, match="a margin is a share"):
        only(Claim([1.0] * 6, [2.0] * 6, 5, True))


@given(st.lists(st.tuples(st.floats(50, 200), st.floats(50, 200)), min_size=6, max_size=15))
def test_swapping_the_arms_turns_the_verdict_round(pairs: list[tuple[float, float]]) -> None:
    a, b = np.array(pairs).T
    there, back = (only(Claim(x, y, 0.05, True)) for x, y in ((a, b), (b, a)))
    assert back.kind == MIRROR.get(there.kind, there.kind)
    assert there.ratio is not None
    assert there.low is not None
    assert there.high is not None
    expected = (1 / there.ratio, 1 / there.high, 1 / there.low)
    assert (back.ratio, back.low, back.high) == pytest.approx(expected)
    assert there.sensitivity == pytest.approx(back.sensitivity)
    assert there.needed_blocks == back.needed_blocks


@given(st.lists(st.tuples(st.floats(50, 200), st.floats(50, 200)), min_size=6, max_size=15))
def test_the_other_direction_of_the_metric_turns_the_word_only(
    pairs: list[tuple[float, float]],
) -> None:
    a, b = np.array(pairs).T
    up, down = (asdict(only(Claim(a, b, 0.05, higher))) for higher in (True, False))
    assert down.pop("kind") == MIRROR.get(up["kind"], up["kind"])
    up.pop("kind")
    up.pop("sentence")
    down.pop("sentence")
    assert up == down


def experiments(count: int, effect: float, noise: float, seed: int) -> list[Verdict]:
    """15 blocks, which drift together by 20 %; arms have noise of their own."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        block = rng.normal(0, 0.2, 15)
        a = np.exp(block + rng.normal(0, noise, 15))
        b = np.exp(block + rng.normal(math.log1p(effect), noise, 15))
        found.append(only(Claim(a, b, 0.05, True)))
    return found


def count(found: list[Verdict], kinds: set[Kind]) -> int:
    total = sum(v.kind in kinds for v in found)
    print({kind.value: sum(v.kind == kind for v in found) for kind in Kind})
    return total


def test_identical_arms_are_told_apart_in_5_percent_at_most() -> None:
    """Noise of 10 % leaves no room for "no difference" to hide them. At the bar, METHOD 9's 99 %
    quantile, a judge wrong in 10 % passes with 3 seeds of 100; ``nox -s validate`` asks 2,000.
    """
    found = experiments(500, 0.0, 0.10, seed=11)
    assert count(found, CLAIMS_A_DIFFERENCE) <= chance_most(500)


def test_ten_percent_are_found_at_three_percent_noise() -> None:
    found = experiments(500, 0.10, 0.03, seed=12)
    assert count(found, {Kind.FASTER, Kind.FASTER_UNCERTAIN}) >= 475
    assert np.mean([v.ratio or 0 for v in found]) == pytest.approx(1.10, abs=0.002)
    covered = [(v.low or 0) <= 1.10 <= (v.high or 0) for v in found]
    assert np.mean(covered) >= 0.93


def test_a_difference_of_the_margin_is_not_called_smaller_nor_larger() -> None:
    """At exactly +5 % "no difference larger than 5 %" errs in 5 %, "by at least" in 2.5 %; a judge
    that errs twice as often passes with hardly any and with 3 seeds of 100.
    """
    found = experiments(1000, 0.05, 0.03, seed=13)
    assert count(found, {Kind.EQUIVALENT}) <= chance_most(1000)
    assert count(found, {Kind.FASTER, Kind.SLOWER}) <= chance_most(1000, 0.025)


def test_descriptions_and_the_cross_check_stand_beside_the_verdict() -> None:
    a = [100.0 + i for i in range(10)]
    b = [1.2 * x for x in a]
    found = only(Claim(a, b, 0.05, True))
    assert found.cliffs_delta == 1.0
    assert found.hedges_g is not None
    assert found.hedges_g > 3
    assert found.cross_check is None
    a = [100.0 + i for i in range(15)]
    outlying = [*(1.02 * x for x in a[:14]), a[14] / 3]
    assert "outlying block" in str(only(Claim(a, outlying, 0.05, True)).cross_check)
