"""The commit of a step is found, and not named where it cannot be told."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from harness.cli.bisection import SAME, Seen, search

COMMITS = [f"c{n}" for n in range(17)]
Judge = Callable[[str, str, int], Seen]


def number(commit: str) -> int:
    return int(commit[1:])


def judge_of(
    step_at: int, ratio: float, half_width: float, asked: list[str] | None = None
) -> Judge:
    """One who sees the truth in intervals of that half-width (of logarithms), of which twice the
    blocks take a third.
    """

    def judge(baseline: str, candidate: str, times: int) -> Seen:
        if asked is not None:
            asked.append(candidate)
        true = math.log(ratio) * ((number(candidate) >= step_at) - (number(baseline) >= step_at))
        width = half_width / times**0.585
        low, high = (math.exp(true + sign * width) for sign in (-1, 1))
        return Seen(abs(true) > width, math.exp(true), low, high)

    return judge


@pytest.mark.parametrize("step_at", [1, 2, 7, 8, 9, 15, 16])
@pytest.mark.parametrize("ratio", [0.9, 1.1])
def test_every_place_of_a_step_is_found_by_halving(step_at: int, ratio: float) -> None:
    asked: list[str] = []
    found = search(COMMITS, judge_of(step_at, ratio, 0.02, asked))
    assert found.named
    assert (found.before, found.after) == (f"c{step_at - 1}", f"c{step_at}")
    assert found.seen.ratio == pytest.approx(ratio)
    assert len(asked) == 6  # the ends, 4 halvings of 16, and the neighbours


def test_no_difference_is_an_answer() -> None:
    found = search(COMMITS, judge_of(99, 0.9, 0.02))
    assert not found.named
    assert "no difference between the two is established" in found.reason


def test_what_was_not_measured_is_no_answer() -> None:
    found = search(COMMITS, lambda *_: Seen(different=False))
    assert found.reason == "these two were not measured"


def test_what_cannot_be_told_is_asked_again_and_not_guessed() -> None:
    asked: list[str] = []
    found = search(COMMITS, judge_of(5, 0.9, 0.07, asked))
    assert (found.before, found.after) == ("c4", "c5")
    assert asked.count("c8") == 2
    found = search(COMMITS, judge_of(5, 0.9, 0.09))
    assert (found.named, found.before, found.after) == (False, "c0", "c16")
    assert found.reason == "cannot tell within these"


def test_a_commit_that_cannot_be_measured_is_passed_by() -> None:
    sound = judge_of(8, 0.9, 0.02)

    def judge(baseline: str, candidate: str, times: int) -> Seen:
        broken = number(candidate) in {7, 8}
        return Seen(different=False) if broken else sound(baseline, candidate, times)

    found = search(COMMITS, judge)
    assert (found.named, found.before, found.after) == (False, "c6", "c9")


def test_the_same_code_needs_no_blocks() -> None:
    sound = judge_of(12, 0.9, 0.02)

    def judge(baseline: str, candidate: str, times: int) -> Seen:
        return SAME if 0 < number(candidate) < 12 else sound(baseline, candidate, times)

    assert search(COMMITS, judge).after == "c12"


def test_what_an_error_led_to_is_not_named() -> None:
    sound = judge_of(5, 0.9, 0.02)

    def judge(baseline: str, candidate: str, times: int) -> Seen:
        return SAME if candidate == "c8" and times == 1 else sound(baseline, candidate, times)

    found = search(COMMITS, judge)
    assert not found.named
    assert "do not differ as the ends do" in found.reason


def test_nine_of_ten_steps_are_found_in_noise() -> None:
    """Blocks that scatter by 2 %, judged by their mean and twice its error."""
    rng = np.random.default_rng(11)

    def judge_with(step_at: int) -> Judge:
        def judge(baseline: str, candidate: str, times: int) -> Seen:
            ends = [0.93 if number(each) >= step_at else 1.0 for each in (baseline, candidate)]
            logs = rng.normal(math.log(ends[1] / ends[0]), 0.02, 7 * times)
            mean, error = logs.mean(), 2.45 * logs.std(ddof=1) / math.sqrt(len(logs))
            low, high = math.exp(mean - error), math.exp(mean + error)
            return Seen(not low <= 1 <= high, math.exp(mean), low, high)

        return judge

    places = rng.integers(1, 17, 10)
    found = [search(COMMITS, judge_with(int(place))) for place in places]
    right = [f.named and number(f.after) == place for f, place in zip(found, places, strict=True)]
    wrong = [f.named and number(f.after) != place for f, place in zip(found, places, strict=True)]
    assert sum(right) >= 9
    assert not any(wrong)
