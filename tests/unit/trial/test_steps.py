"""What is refused before anything is started."""

import pytest

from harness.trial.steps import refuse_gap, run_trial
from infrastructure.errors import Gap
from tests.conftest import Query
from tests.unit.trial.conftest import MakeTrial


def test_what_an_arm_cannot_do_is_a_row_and_starts_nothing(
    make_trial: MakeTrial, query: Query
) -> None:
    trial = make_trial(gap="it has no queues")
    with pytest.raises(Gap, match="no queues"):
        refuse_gap(trial)
    trial.folder.remove()
    outcome = run_trial(trial.setup, trial.plan)
    assert (outcome.status, outcome.reason) == ("gap", "it has no queues")
    assert query("SELECT status, log_tail FROM trial") == [("gap", None)]
    assert query("SELECT count(*) FROM environment") == [(0,)]
