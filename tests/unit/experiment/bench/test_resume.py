"""A bench is measured in pieces: it ends in time, and goes on where it was."""

from collections.abc import Callable

import pytest

from harness.experiment.bench.resume import take_over
from harness.experiment.bench.say import summarise
from harness.experiment.bench.session import BenchSession
from harness.store.vocabulary import Purpose
from infrastructure.errors import UsageError
from tests.conftest import Query
from tests.unit.experiment.comparison.made import CTRL_C, Played

Make = Callable[..., BenchSession]


def test_what_was_ended_goes_on_where_it_was(
    session_of: Make, carry_out: Make, query: Query
) -> None:
    first = session_of(trials=3, profilers=[Purpose.PY_SPY])
    with pytest.raises(KeyboardInterrupt):
        carry_out(first, [Played(200.0), CTRL_C])
    again = session_of(trials=3, profilers=[Purpose.PY_SPY])
    take_over(again, first.id)
    assert len(again.planned()) == 3
    carry_out(again)
    assert query("SELECT position, block, purpose FROM trial ORDER BY position") == [
        (1, 1, "measure"),
        (2, 2, "broken"),  # nothing came of it
        (3, 2, "measure"),
        (4, 3, "measure"),
        (5, 1, "py-spy"),
    ]
    assert [o.metrics["drain_rate"] for o in again.measured] == [200.0, 100.0, 100.0]
    assert again.redo.times == 0  # the machine was not busy
    assert again.answers
    assert summarise(again) == 0
    with pytest.raises(UsageError, match="nothing is missing of its 4 trials"):
        take_over(session_of(trials=3, profilers=[Purpose.PY_SPY]), first.id)


def test_open_loops_keep_the_capacity_that_was_found(
    session_of: Make, carry_out: Make, query: Query
) -> None:
    """A drain of 100 tasks/s, of which 80 are sustained; then the first load, and Ctrl-C."""
    first = session_of("latency")
    with pytest.raises(KeyboardInterrupt):
        carry_out(first, [Played(100.0), Played(80.0), Played(0.0), CTRL_C])
    again = session_of("latency")
    take_over(again, first.id)
    carry_out(again)
    measured = "SELECT point, capacity FROM trial WHERE purpose = 'measure' ORDER BY position"
    assert query(measured) == [(f"load {share}", 80.0) for share in (0.3, 0.5, 0.7)]
    assert query("SELECT count(*) FROM trial WHERE purpose = 'calibrate'") == [(2,)]


def test_no_trial_begins_that_would_end_too_late(
    session_of: Make, carry_out: Make, query: Query, capsys: pytest.CaptureFixture[str]
) -> None:
    session = session_of(trials=2, max_time_s=1.0)  # a drain takes 3.5 s at least
    carry_out(session)
    assert session.outcomes == []
    assert summarise(session) == 3
    said = " ".join(capsys.readouterr().out.split())
    assert "no time for 2 trials, the next of which takes about" in said
    assert f"no trial was measured · experiment {session.id}" in said
    assert f'nox -s "bench-3.12(stub)" -- --resume {session.id} --db ' in said
    carry_out(session_of(trials=2, max_time_s=3600.0))
    assert query("SELECT count(*) FROM trial") == [(2,)]


def test_what_was_disturbed_at_the_end_of_a_piece_is_left_for_the_next(
    session_of: Make,
    carry_out: Make,
    query: Query,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    session, fits = session_of(trials=1), iter([True, False])
    monkeypatch.setattr(session, "time_for", lambda _: next(fits))
    carry_out(session, [Played(1.0, flags=["steal percent 9 exceeds 2"])])
    assert len(session.left()) == 1
    assert not session.answers
    assert summarise(session) == 3
    said = " ".join(capsys.readouterr().out.split())
    assert "throughput is left for the next piece: steal percent 9 exceeds 2" in said
    assert f"no trial was left undisturbed; 1 is kept as broken · experiment {session.id}" in said
    assert "was run again" not in said  # there was no time for it
    again = session_of(trials=1)
    take_over(again, session.id)
    carry_out(again)
    assert query("SELECT purpose FROM trial ORDER BY position") == [("broken",), ("measure",)]


def test_a_bench_does_not_go_on_where_something_changed(session_of: Make, carry_out: Make) -> None:
    first = carry_out(session_of(trials=1))
    again = session_of(trials=2)
    again.setup.experiment.harness_commit = "another"
    with pytest.raises(UsageError, match="then, another now; start it anew"):
        take_over(again, first.id)
