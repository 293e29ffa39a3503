"""Idle workers: what is sent to wake them, and what is told of a rest."""

import numpy as np
import pytest

from harness.measure.sampler import Usage
from harness.measure.window import Counters, Window
from scenarios.idle import at_least, names_of, round_robin, served


def rest(counted: Counters, begun: Counters) -> Window:
    def at(seconds: int) -> dict[str, Usage]:
        return {"broker": Usage(seconds * 1_000_000_000, "broker", 1, 0.0, None, None)}

    return Window(at(10), begun, at(20), counted)


def test_every_queue_gets_a_task() -> None:
    woken = round_robin(10, 10, np.random.default_rng(1))
    assert sorted(woken["queue"]) == list(range(10))
    assert np.all(np.diff(woken["offset"]) > 0)
    assert names_of(3) == ["default", "q2", "q3"]


def test_what_is_served_is_told_a_second_and_by_name() -> None:
    window = rest(Counters({"lmove": 200, "zrange": 20}), Counters({"lmove": 7}))
    found = {m.name: m.value for m in served(window)}
    assert found == pytest.approx(
        {
            "broker_idle_commands": 22,
            "broker_idle_lmove": 20,
            "broker_idle_zrange": 2,
        }
    )


def test_transactions_told_late_are_all_of_them_and_not_added_to_those_that_wrote() -> None:
    counted = Counters({"write_transactions": 10}, late={"transactions": 100})
    found = {m.name: m.value for m in served(rest(counted, Counters({"write_transactions": 1})))}
    assert found["broker_idle_commands"] == 10
    assert found["broker_idle_write_transactions"] == 1


def test_a_broker_that_serves_nothing_is_told_from_one_that_does_not_count() -> None:
    (found,) = served(rest(Counters(), Counters({"received": 9})))
    assert (found.name, found.value) == ("broker_idle_commands", 0)
    assert served(rest(Counters(), Counters())) == []


def test_two_arms_that_take_next_to_nothing_are_equal() -> None:
    assert at_least({"workers": 0.0, "broker": 0.02}) == {"workers": 0.0001, "broker": 0.02}
