"""What an arm does in its turns is its rate, however the turns are cut."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.records import Records
from harness.measure.turns import (
    Turn,
    by_turn,
    cpu_above_idle,
    in_turn,
    on_own_clock,
    own_time,
    settled_after,
    still_s,
)
from harness.trial.duet import DRAWN

MS = 1_000_000


def turns(*bounds: int) -> list[Turn]:
    return [Turn(a * MS, b * MS) for a, b in zip(bounds[::2], bounds[1::2], strict=True)]


def test_an_arm_stands_still_between_its_turns() -> None:
    assert still_s(turns(0, 10, 30, 40, 45, 50)) == pytest.approx(0.025)
    assert still_s(turns(0, 10)) == still_s([]) == 0


def test_tasks_of_an_arm_that_never_stands_still_count_by_their_end() -> None:
    """Ten a second by each of four slots, of 100 ms: windows of 250 ms would lose most of them."""
    ends = np.arange(40, 4000, 25) * MS
    own = [Turn(n * 250 * MS, (n * 250 + 248) * MS, drawn=5 * MS) for n in range(15)]
    found = in_turn(ends - 100 * MS, ends, own, 20 * MS, paused=False)
    assert found.rate == pytest.approx(40, rel=0.02)
    assert found.spanning == 0
    assert in_turn(ends - 100 * MS, ends, own, 20 * MS).rate < 30


def test_tasks_that_a_pause_cuts_are_left_out_and_counted() -> None:
    own = turns(0, 10, 20, 30)
    starts = np.array([1, 9, 21]) * MS
    ends = np.array([2, 22, 23]) * MS
    found = in_turn(starts, ends, own)
    assert found.counts.tolist() == [1, 1]
    assert found.spanning == 1
    assert found.seconds == pytest.approx(0.02)


def test_the_first_part_of_a_turn_is_left_out_with_its_tasks() -> None:
    own = turns(0, 10, 20, 30)
    at = np.array([1, 5, 21, 26]) * MS
    found = in_turn(at, at + 1, own, settle_ns=4 * MS)
    assert found.counts.tolist() == [1, 1]
    assert found.rate == pytest.approx(2 / 0.012)


def rate_in_step(rng: np.random.Generator, task_ns: int, share: float) -> float:
    """Of naps one after the other that go on where a turn begins, as those of a frozen process
    do; ``share``: of 250 ms, so much is drawn.
    """
    begin, own, ends = 0, [], []
    for _ in range(400):
        length = int(250 * MS * rng.uniform(1 - share, 1 + share))
        own.append(Turn(begin, begin + length, {}, int(250 * MS * rng.uniform(0, share))))
        ends.append(np.arange(begin + task_ns, begin + length, task_ns))
        begin += 2 * length
    every = np.concatenate(ends)
    return in_turn(every - task_ns, every, own, settle_ns=10 * MS).rate


def test_naps_in_step_with_the_turns_are_told_apart_where_turns_are_drawn() -> None:
    """2 % in a nap of 5 ms, of which a turn holds less than 50."""
    rng = np.random.default_rng(1)
    drawn, equal = (
        [rate_in_step(rng, nap * MS // 100, share) for nap in (500, 510)] for share in (DRAWN, 0.0)
    )
    assert drawn[0] / drawn[1] == pytest.approx(1.02, abs=0.004)
    assert equal[0] / equal[1] != pytest.approx(1.02, abs=0.004)


def test_turns_shorter_than_what_is_left_out_say_nothing() -> None:
    found = in_turn(np.zeros(1), np.ones(1), turns(0, 1), settle_ns=2 * MS)
    assert math.isnan(found.rate)
    assert math.isnan(found.autocorrelation)


@given(st.lists(st.integers(1, 50), min_size=4, max_size=30), st.integers(1, 5))
def test_a_steady_arm_has_one_rate_however_the_turns_are_cut(cuts: list[int], every: int) -> None:
    """A task each ``every`` ms of its own time, in turns and pauses of any length."""
    bounds = np.cumsum([0, *cuts])
    own = turns(*map(int, bounds[: len(bounds) // 2 * 2]))
    at = np.arange(0, int(bounds[-1]) * MS, every * MS // 8)
    inside = [t for t in at if any(turn.begin <= t < turn.end for turn in own)]
    found = in_turn(np.array(inside), np.array(inside), own)
    active = sum(turn.end - turn.begin for turn in own)
    assert found.seconds == pytest.approx(active / 1e9)
    assert int(np.sum(found.counts)) == len(inside)
    assert abs(found.rate * found.seconds - active / (every * MS / 8)) <= len(own) + 1


@given(st.lists(st.integers(1, 50), min_size=2, max_size=20))
def test_own_time_stands_still_in_pauses_and_runs_in_turns(cuts: list[int]) -> None:
    bounds = np.cumsum([0, *cuts])
    own = turns(*map(int, bounds[: len(bounds) // 2 * 2]))
    looks = np.arange(0, int(bounds[-1]) * MS, MS)
    clock = own_time(looks, own)
    assert clock[0] == 0
    for (a, b), (before, after) in zip(
        pairwise(looks.tolist()), pairwise(clock.tolist()), strict=True
    ):
        active = sum(max(0, min(b, t.end) - max(a, t.begin)) for t in own)
        assert after - before == active


def test_neighbouring_turns_that_swing_are_told() -> None:
    own = turns(*(n for i in range(8) for n in (10 * i, 10 * i + 5)))
    at = np.array([10 * i * MS + k for i in range(8) for k in range(1 + 2 * (i % 2))])
    assert in_turn(at, at, own).autocorrelation < -0.5


def completions(
    turns_of: list[Turn], pause_ms: int, every_us: int
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """End stamps: none for the first ``pause_ms`` of a turn, then one each ``every_us``."""
    found = [np.arange(turn.begin + pause_ms * MS, turn.end, every_us * 1000) for turn in turns_of]
    return np.concatenate(found)


@pytest.mark.parametrize("pause_ms", [0, 30, 70])
def test_an_arm_settles_when_its_rate_is_that_of_its_second_half(pause_ms: int) -> None:
    own = turns(*(bound for n in range(10) for bound in (500 * n, 500 * n + 250)))
    assert settled_after(completions(own, pause_ms, 500), own) == pause_ms * MS


def test_an_interruption_of_one_turn_is_no_settling() -> None:
    """Of eight turns, in which the arm is steady: nothing ends for 40 ms of one."""
    own = turns(*(bound for n in range(8) for bound in (500 * n, 500 * n + 250)))
    ends = completions(own, 0, 125)
    interrupted = (ends >= 560 * MS) & (ends < 600 * MS)
    assert settled_after(ends[~interrupted], own) == 0


def test_few_turns_do_not_say_when_an_arm_has_settled() -> None:
    own = turns(*(bound for n in range(5) for bound in (500 * n, 500 * n + 250)))
    ends = completions(own, 30, 500)
    assert settled_after(ends, own) == 30 * MS
    assert math.isnan(settled_after(ends, own[:4]))
    assert math.isnan(settled_after(np.zeros(0, dtype=np.int64), []))


def test_records_on_the_arms_own_clock_have_no_pauses() -> None:
    own = turns(0, 10, 20, 30)
    sends = np.zeros(2, dtype=SEND_TYPE)
    runs = np.zeros(2, dtype=RUN_TYPE)
    sends["seq"] = runs["seq"] = [0, 1]
    sends["intended"], sends["send"], sends["ack"] = ([n * MS, (n + 20) * MS] for n in (1, 2, 3))
    runs["start"], runs["end"] = [4 * MS, 24 * MS], [5 * MS, 25 * MS]
    records = Records(sends, runs)
    found = on_own_clock(records, own)
    assert found.sends["intended"].tolist() == [1 * MS, 11 * MS]
    assert (found.runs["end"] - found.sends["send"]).tolist() == [3 * MS, 3 * MS]
    assert [len(part.runs) for part in by_turn(records, own)] == [1, 1]
    assert records.sends["intended"].tolist() == [1 * MS, 21 * MS]


def test_what_idle_processes_take_is_taken_off_for_as_long_as_the_turns_last() -> None:
    own = [Turn(0, 10**9, {"workers": 0.5}), Turn(2 * 10**9, 3 * 10**9, {"workers": 0.7})]
    assert cpu_above_idle(own, {"workers": 0.1})["workers"] == pytest.approx(1.0)
