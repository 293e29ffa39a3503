"""Known answers and injected differences, by trials of the stub."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.experiment.cleanup import guarded
from harness.judge.claims import Kind
from harness.prove.validate.equal import Experiments
from harness.prove.validate.found import Found
from harness.prove.validate.known import accounting, md1_wait, stalled_queue
from harness.prove.validate.session import Sizes, ValidateSession
from tests.conftest import Query


@pytest.fixture
def session(database: Path) -> ValidateSession:
    return ValidateSession(database, [], "1.0", Sizes("test", equal=1, injected=1), seed=11)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("check", [stalled_queue, md1_wait, accounting])
def test_known_answers_and_broken_queues_end_to_end(
    session: ValidateSession, database: Path, check: Callable[[ValidateSession], Found]
) -> None:
    with guarded(database):
        found = check(session)
    assert found.passed, found


@pytest.mark.matrix  # that one is found end to end: experiment/test_comparison.py
def test_an_injected_difference_is_found_and_covered(
    session: ValidateSession, database: Path, query: Query
) -> None:
    experiments = Experiments(session)
    with guarded(database):
        (verdicts,) = experiments.carried_out(1.3, 1)
    assert verdicts[0].kind == Kind.SLOWER
    assert (experiments.covered, experiments.intervals) == (1, 1)
    spread = query(
        "SELECT arm_number, stddev(ln(value)) FROM metric JOIN trial USING (trial_id) "
        "WHERE name = 'drain_rate' GROUP BY arm_number"
    )
    assert all(0.02 < s < 0.4 for _, s in spread)  # the stated noise is there
