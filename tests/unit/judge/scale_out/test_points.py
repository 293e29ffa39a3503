"""The points that a simulation starts from are points of the scenario."""

from harness.judge.scale_out.points import beside


def test_they_are_next_to_the_broker() -> None:
    assert (beside(), beside(one_slot=True)) == ("0 ms", "one slot, 0 ms")
