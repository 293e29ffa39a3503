"""Arms that are up at once do not disturb each other, and end together."""

import pytest

from harness.experiment.survey.crowd import Crowd


def test_what_the_others_take_is_no_disturbance() -> None:
    crowd = Crowd(3)
    for number, each in enumerate(crowd.neighbours):
        each.tell(lambda number=number: {"workers": 10.0**number, "broker": 1.0})  # type: ignore[misc]
    assert [each.others_cpu_s() for each in crowd.neighbours] == [112.0, 103.0, 13.0]


def test_the_machine_is_looked_at_once() -> None:
    looks = iter([{"psi": "1"}])
    crowd = Crowd(2)
    assert [each.together(lambda: next(looks)) for each in crowd.neighbours] == [{"psi": "1"}] * 2


def test_all_end_where_the_session_is_stopped() -> None:
    crowd = Crowd(2)
    for each in crowd.neighbours:
        each.check()
    crowd.leave()
    crowd.stop()
    for each in crowd.neighbours:
        with pytest.raises(KeyboardInterrupt):
            each.check()
