"""When a callback came."""

import numpy as np

from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.records import Records
from scenarios.fan_out import by_group, of_members


def groups_of_two() -> Records:
    """The second lacks a member, the third its callback."""
    sends, runs = np.zeros(9, SEND_TYPE), np.zeros(7, RUN_TYPE)
    sends["seq"], sends["send"] = np.arange(9), np.repeat([10, 20, 30], 3)
    runs["seq"] = [0, 1, 2, 3, 5, 6, 7]
    runs["start"] = [11, 12, 18, 21, 25, 31, 32]
    runs["end"] = runs["start"] + 1
    return Records(sends, runs)


def test_a_group_lasts_from_its_call_to_the_callback() -> None:
    sent, last, called = by_group(groups_of_two(), 2)
    assert (sent.tolist(), last.tolist(), called.tolist()) == ([10], [13], [18])


def test_members_are_counted_without_callbacks() -> None:
    members = of_members(groups_of_two(), 2)
    assert members.sends["seq"].tolist() == [0, 1, 3, 4, 6, 7]
    assert members.runs["seq"].tolist() == [0, 1, 3, 6, 7]
