"""A session that is killed or interrupted in the middle of a trial."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from harness.trial.cell import Arm
from harness.trial.leftovers import recover
from infrastructure.processes.folder import leftovers, spool_of
from infrastructure.processes.guard import start_guard, stop_guard
from tests.conftest import Query, at_work_below
from tests.integration.trial.session import (
    children_of_trial,
    is_guard,
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


@pytest.mark.parametrize("framework", ["stub", "celery"])
def test_sigkill_of_the_harness_and_its_guard_ends_the_processes(
    database: Path, make_arm: Callable[..., Arm], framework: str
) -> None:
    """Nobody is left to end them: forked workers and the broker end by themselves."""
    spool_of(database).mkdir()
    executable, tasks = make_arm(framework).executable, 400 if framework == "stub" else 4000
    with start_session(database, framework, executable, tasks) as session:
        wait_for(lambda: second_trial_under_load(database))
        pids = [process.pid for process in at_work_below(database.parent)]
        watch = [child.pid for child in psutil.Process(session.pid).children() if is_guard(child)]
        assert watch
        for pid in (*watch, session.pid):
            os.kill(pid, signal.SIGKILL)
    assert len(pids) >= (2 if framework == "stub" else 4)  # forked workers and a server too
    wait_for(lambda: not any(map(is_running, pids)), 30)
    assert not at_work_below(database.parent)
    (said,) = recover(database, spool_of(database))
    assert "0 processes ended" in said


def test_a_guard_that_stands_still_is_not_waited_for(tmp_path: Path) -> None:
    watchdog = start_guard(tmp_path)
    os.kill(watchdog.pid, signal.SIGSTOP)
    stop_guard(watchdog, grace_s=0.2)
    assert watchdog.returncode == -signal.SIGKILL


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
