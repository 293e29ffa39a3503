"""What a broker counted within a window."""

from harness.measure.window import Counters


def test_counters_are_of_the_window_alone() -> None:
    before = Counters({"lpush": 5, "info": 2}, traffic=100, wal=None)
    after = Counters({"lpush": 9, "info": 2, "brpop": 3}, traffic=250, wal=7)
    assert after.since(before) == Counters({"lpush": 4, "brpop": 3}, traffic=150, wal=None)


def test_a_broker_that_does_not_count_has_no_zero() -> None:
    assert Counters().since(Counters()) == Counters({}, None, None)


def test_what_is_told_late_is_kept_apart() -> None:
    before, after = Counters({"w": 1}, late={"t": 5}), Counters({"w": 3}, late={"t": 25, "u": 0})
    assert after.since(before) == Counters({"w": 2}, late={"t": 20})
