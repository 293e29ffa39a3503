"""What is worth a remark where trials are blocks."""

from harness.measure.validity import UNSTEADY
from harness.scenario.point import QUICK, Point
from harness.scenario.scenario import Measures

DRIFT = f"{UNSTEADY}: it quickened"


def test_a_drift_is_a_remark_where_trials_are_blocks() -> None:
    found = Measures([], [DRIFT, "lost: 1 of 9 tasks"], ["so be it"])
    assert found.of(Point(QUICK)) is found
    in_blocks = found.of(Point(QUICK, options={"in_blocks": True}))
    assert in_blocks.void == ["lost: 1 of 9 tasks"]
    assert in_blocks.remarks == ["so be it", DRIFT]
