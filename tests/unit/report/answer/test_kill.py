"""What a kill -9 cost, in words."""

import pytest

from harness.report.answer.kill import Kill, kill_of
from harness.report.rows.trials import Median

WHOLE = {"at_work": 8.0, "redone_twice": 0.0, "waiting_lost": 1.0, "waited": 660.0}


@pytest.mark.parametrize(
    ("lost", "after", "twice", "waiting", "waited", "words"),
    [
        (0.0, 83.4, 0.0, 0.0, 660.0, "after 83 s"),
        (0.0, 83.4, 0.0, 3.0, 660.0, "after 83 s, but not 3 that waited"),
        (100.0, None, 0.0, 0.0, 660.0, "not within 11 min"),
        (100.0, None, 0.0, 8.0, 660.0, "not within 11 min, nor 8 that waited"),
        (100.0, None, 0.0, 0.0, 66.0, "not within 66 s"),
        (25.0, 598.0, 0.0, 0.0, 660.0, "after 598 s, 25.0 % not within 11 min"),
        (0.0, 30.0, 2.0, 0.0, 660.0, "after 30 s, 2 of them twice"),
    ],
)
def test_it_says_when_the_tasks_were_done_again(
    lost: float, after: float | None, twice: float, waiting: float, waited: float, words: str
) -> None:
    assert Kill(8.0, lost, after, twice, waiting, waited).words == words


def medians(arm: int, metrics: dict[str, float], scenario: str = "killed") -> list[Median]:
    place = (scenario, "", 1, arm, "ant", None)
    return [Median(*place, name, "s", 1, value, value, value) for name, value in metrics.items()]


def test_it_is_read_from_the_medians_of_its_arm() -> None:
    own = medians(1, WHOLE | {"not_redone": 0.0, "redone_after": 30.0})
    other = medians(2, WHOLE | {"not_redone": 100.0})
    assert kill_of([*own, *other], 1) == Kill(8.0, 0.0, 30.0, 0.0, 1.0, 660.0)
    assert kill_of([*own, *other], 2) == Kill(8.0, 100.0, None, 0.0, 1.0, 660.0)


def test_without_a_valid_trial_there_is_none() -> None:
    elsewhere = medians(1, WHOLE | {"not_redone": 0.0}, "recovery")
    assert kill_of(elsewhere, 1) is None
