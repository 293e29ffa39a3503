"""What is said of the trials behind an answer."""

from typing import Any

import pytest

from harness.report.questions.behind import conditions, slowest, speeds_said
from harness.report.rows.latest import ShownTrial


def trial(point: str, loop_ms: float | None, **changed: Any) -> ShownTrial:
    row: dict[str, Any] = {"scenario": "idle", "point": point, "point_number": 1}
    row |= {"arm": 1, "label": "huey 1.0"}
    row |= {"experiment_id": "one", "status": "ok", "remarks": None, "calibration_ms": loop_ms}
    return ShownTrial(**(row | changed))


def test_the_speed_of_the_machine_is_the_span_of_its_loop_before_the_valid_trials() -> None:
    own = [trial("a", 8.4), trial("b", 15.01), trial("b", 99.0, status="invalid")]
    assert list(conditions(own))[1:] == ["the machine's calibration loop took 8.40 to 15.0 ms"]
    [_, said] = conditions([trial("a", 8.0)])
    assert said == "the machine's calibration loop took 8.00 ms"
    assert list(conditions([trial("a", None, status="gap")])) == []


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (["a", "b"], "1 trial of each load"),
        (["a", "a", "b"], "1 to 2 trials of each load"),
        (["a", "a", "b", "b"], "2 trials of each load"),
        (["", ""], "2 trials"),
    ],
)
def test_how_many_trials_there_are_is_counted(points: list[str], said: str) -> None:
    gap = trial("cannot", None, status="gap")
    assert list(conditions([*(trial(point, None) for point in points), gap])) == [said]


def test_loads_of_one_experiment_at_two_speeds_are_told_beyond_a_quarter() -> None:
    [said] = speeds_said([trial("a", 8.0), trial("b", 12.0)])
    assert "differed between these trials: its calibration loop took 8.00 to 12.0 ms." in said
    assert "less than 1.50 times apart may differ by that alone" in said
    assert list(speeds_said([trial("a", 8.0), trial("b", 10.0)])) == []


def test_trials_of_two_scenarios_are_not_beside_each_other() -> None:
    drained = trial("", 16.0, scenario="throughput")
    assert slowest([trial("a", 8.0), drained, trial("b", 10.0)]) == 1.25
    [said] = speeds_said([trial("a", 8.0), drained, trial("b", 12.0)])
    assert "between the trials of idle: " in said
