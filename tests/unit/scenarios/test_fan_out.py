"""When a callback came, and whether it did."""

from pathlib import Path

import numpy as np
import pytest

from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.records import Records
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import QUICK
from scenarios.fan_out import by_group, of_members
from tests.unit.scenarios.made import finished_run


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


@pytest.mark.parametrize("early", [False, True])
def test_callbacks_that_are_lost_doubled_or_early_are_told(tmp_path: Path, *, early: bool) -> None:
    """Of groups of 100: the first has its callback twice, the second none."""
    run, scenario = finished_run(tmp_path), load_scenario("fan_out")
    (point, _) = scenario.points(QUICK)
    seq = np.arange(2 * 101)
    sends, runs = np.zeros(len(seq), SEND_TYPE), np.zeros(len(seq), RUN_TYPE)
    sends["seq"], sends["ack"], runs["seq"] = seq, 50_000, seq
    runs["seq"][-1] = 100
    runs["start"], runs["end"] = 1_000 * seq, 1_000 * seq + 10
    if early:
        runs["start"][100] = runs["start"][99]
    found = scenario.measure(run, point, Records(sends, runs))
    told = {m.name: m.value for m in found.metrics}
    assert (told["issued"], told["lost"]) == (200, 0)
    assert (told["callbacks_lost"], told["callbacks_doubled"]) == (1, 1)
    assert told["callbacks_early"] == early
    assert told["send_per_member"] == pytest.approx(0.5)  # of 50 us
    assert found.void == ["1 callback started before the group was done"] * early
