"""A bench runs again what the surroundings broke, and keeps the row."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from harness.experiment.bench.say import summarise
from harness.experiment.bench.session import BenchSession
from harness.store.vocabulary import Purpose, Status
from tests.conftest import Query
from tests.unit.experiment.comparison.made import Played

STEAL = "steal percent 9 exceeds 2"


@pytest.fixture
def bench(session_of: Callable[..., BenchSession], carry_out: Callable[..., BenchSession]) -> Any:
    """A session of so many drains, played in order, then always soundly."""

    def make(
        played: Sequence[Played], trials: int, profilers: Sequence[Purpose] = ()
    ) -> BenchSession:
        return carry_out(session_of(trials=trials, profilers=profilers), played)

    return make


def test_a_broken_trial_is_run_again_and_its_row_stays(bench: Any, query: Query) -> None:
    failed = Played(1.0, Status.FAILED, "the broker died", [STEAL])
    session = bench([failed, Played(200.0)], trials=2)
    assert query("SELECT block, purpose FROM trial ORDER BY position") == [
        (1, "broken"),
        (1, "measure"),
        (2, "measure"),
    ]
    assert [o.metrics["drain_rate"] for o in session.measured] == [200.0, 100.0]
    assert summarise(session) == 0  # the failure was not the arm's


def test_what_is_wrong_with_the_arm_is_not_run_again(bench: Any, query: Query) -> None:
    session = bench([Played(1.0, Status.FAILED, "it died")], trials=1)
    assert query("SELECT purpose FROM trial") == [("measure",)]
    assert summarise(session) == 1


def test_a_machine_that_stays_busy_costs_a_bounded_number_and_is_said(
    bench: Any, query: Query, capsys: pytest.CaptureFixture[str]
) -> None:
    session = bench([Played(100.0, flags=[STEAL])] * 99, trials=3)
    counted = "SELECT purpose, count(*) FROM trial GROUP BY 1 ORDER BY 1"
    assert query(counted) == [("broken", 3), ("measure", 3)]
    summarise(session)
    said = capsys.readouterr().out
    assert "the machine was busy: a trial was run again 3 times, 3 stayed disturbed" in said
    assert 'type again: nox -s "bench-3.12(stub)" -- --trials 3' in said


def test_a_profile_is_not_run_again(bench: Any, query: Query) -> None:
    bench([Played(100.0), Played(0.0, flags=[STEAL])], trials=1, profilers=[Purpose.PY_SPY])
    assert query("SELECT purpose FROM trial ORDER BY position") == [("measure",), ("py-spy",)]
