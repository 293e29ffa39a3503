"""Whatever happens in a trial, it leaves a row."""

import signal

import pytest

from harness.store.vocabulary import Purpose, Status
from harness.trial.ending import stored, undisturbed
from harness.trial.profilers.passes import ProfilerUnavailable
from infrastructure.errors import BrokerGap, Gap, TrialFailed, UsageError
from tests.conftest import Query
from tests.unit.trial.conftest import MakeTrial


def fail(error: Exception) -> None:
    raise error


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (TrialFailed("a worker died"), "failed", "a worker died"),
        (Gap("it has no queues"), "gap", "it has no queues"),
        (BrokerGap("no process of ours"), "gap", "no process of ours"),
        (ValueError("a defect"), "failed", "ValueError: a defect"),
    ],
)
def test_an_error_is_in_the_row_and_goes_no_further(
    make_trial: MakeTrial, query: Query, error: Exception, status: str, reason: str
) -> None:
    trial = make_trial()
    with stored(trial):
        fail(error)
    assert trial.outcome().status == status
    ((found, said, tail),) = query("SELECT status, reason, log_tail FROM trial")
    assert (found, said) == (status, reason)
    assert ("Traceback" in str(tail)) == isinstance(error, ValueError)
    assert not trial.folder.path.exists()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), UsageError("it holds 1 key")])
def test_what_ends_the_session_comes_out_of_it(
    make_trial: MakeTrial, query: Query, error: BaseException
) -> None:
    with pytest.raises(type(error)), stored(make_trial()):
        raise error
    said = str(error) or "interrupted"
    assert query("SELECT status, reason FROM trial") == [("failed", said)]


def test_a_trial_that_came_to_its_end_keeps_its_status(make_trial: MakeTrial, query: Query) -> None:
    trial = make_trial()
    with stored(trial):
        trial.row.status, trial.row.reason = Status.OK, None
        trial.remarks += ["steal", "2 tasks left"]
    found = query("SELECT status, reason, remarks, log_tail, duration_s > 0 FROM trial")
    assert found == [("ok", None, "steal; 2 tasks left", None, True)]


def test_a_pass_whose_profiler_may_not_attach_says_so(make_trial: MakeTrial, query: Query) -> None:
    with stored(make_trial(Purpose.PY_SPY)):
        fail(ProfilerUnavailable("ptrace_scope 1"))
    found = query("SELECT tool, status, reason FROM profile")
    assert found == [("py-spy", "profiler_unavailable", "ptrace_scope 1")]


def test_an_interruption_waits_until_the_row_is_there() -> None:
    came = []
    before = signal.signal(signal.SIGINT, lambda *_: came.append("interrupted"))
    try:
        with undisturbed():
            signal.raise_signal(signal.SIGINT)
            assert came == []
        assert came == ["interrupted"]
    finally:
        signal.signal(signal.SIGINT, before)
