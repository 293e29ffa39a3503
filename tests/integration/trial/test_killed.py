"""A session that is killed or interrupted in the middle of a trial."""

import os
import signal
from pathlib import Path

from harness.trial.leftovers import recover
from infrastructure.processes.folder import leftovers, spool_of
from tests.conftest import Query
from tests.integration.trial.session import (
    children_of_trial,
    is_running,
    second_trial_under_load,
    start_session,
)
from tests.integration.trials import wait_for


def test_sigkill_of_the_harness_leaves_nothing(database: Path, query: Query) -> None:
    """The watchdog ends its children; the next start stores the unfinished trial as failed."""
    spool_of(database).mkdir()
    with start_session(database) as session:
        wait_for(lambda: second_trial_under_load(database))
        pids = children_of_trial(database)
        os.killpg(session.pid, signal.SIGKILL)
    wait_for(lambda: not any(map(is_running, pids)), 20)
    assert query("SELECT trial_id[-3:], status <> 'failed' FROM trial") == [("001", True)]
    (said,) = recover(database, spool_of(database))
    assert said.startswith("left over: ")
    found = query("SELECT trial_id[-3:], reason FROM trial WHERE status = 'failed'")
    assert found == [("002", "the harness ended before the trial did")]
    ((issued, executed),) = query(
        "SELECT count(DISTINCT seq), count(*) FILTER (outcome = 'ok') FROM task_record "
        "WHERE trial_id LIKE '%-002'"
    )
    assert issued == 400
    assert executed < 400  # it was in the middle, and what it had done is kept


def test_ctrl_c_stores_the_trial_as_failed(database: Path, query: Query) -> None:
    spool_of(database).mkdir()
    session = start_session(database)
    wait_for(lambda: second_trial_under_load(database))
    session.send_signal(signal.SIGINT)
    assert session.wait(30) != 0  # KeyboardInterrupt came through
    found = query("SELECT trial_id[-3:], reason FROM trial WHERE status = 'failed'")
    assert found == [("002", "interrupted")]
    assert query(
        "SELECT trial_id[-3:], count(DISTINCT seq) FROM task_record GROUP BY 1 ORDER BY 1"
    ) == [("001", 600), ("002", 400)]
    assert not list(leftovers(spool_of(database)))
