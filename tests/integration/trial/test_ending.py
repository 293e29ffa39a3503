"""Whatever dies or is interrupted: a row is stored, and nothing is left."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from harness.trial.steps import run_trial
from infrastructure.processes.folder import TrialFolder, spool_of
from tests.conftest import TINY, Query, make_plan
from tests.integration.trials import MakeArm, MakeSetup, Trial, strike


@pytest.mark.parametrize(
    ("role", "said"),
    [("valkey-server", "broker"), ("tasks.worker", "workers"), ("tasks.load", "producer")],
)
def test_a_killed_process_is_a_failed_trial(
    make_arm: MakeArm, trial: Trial, query: Query, database: Path, role: str, said: str
) -> None:
    size = replace(TINY, tasks=20_000)
    killer = threading.Thread(target=strike, args=(spool_of(database), role))
    killer.start()
    outcome = trial(make_arm("asynctasq"), "throughput", size=size)
    killer.join()
    assert outcome.status == "failed"
    assert f"the {said} process" in outcome.reason
    assert "SIGKILL" in outcome.reason
    ((issued, done, lost),) = query(
        "SELECT count(DISTINCT seq), count(*) FILTER (outcome = 'ok'), "
        "count(*) FILTER (outcome = 'lost') FROM task_record"
    )
    assert issued == 20_000
    assert done + lost == 20_000
    assert lost > 0
    assert outcome.metrics["lost"] == lost


def test_a_second_ctrl_c_leaves_nothing(
    make_arm: MakeArm, make_setup: MakeSetup, monkeypatch: pytest.MonkeyPatch, query: Query
) -> None:
    """It interrupts the clean-up itself; what that left is ended all the same."""

    def again(*_: object, **__: object) -> list[str]:
        raise KeyboardInterrupt

    setup = make_setup(make_arm("stub"))
    monkeypatch.setattr("harness.trial.stopping.stop_all", again)
    with pytest.raises(KeyboardInterrupt):
        run_trial(setup, make_plan(setup, "throughput"))
    assert query("SELECT status, reason FROM trial") == [("failed", "interrupted")]


def test_ctrl_c_while_the_broker_starts_leaves_no_server(
    make_arm: MakeArm, make_setup: MakeSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> bool:
        raise KeyboardInterrupt

    setup = make_setup(make_arm("celery"))
    monkeypatch.setattr("infrastructure.redis.start.wait_ready", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_trial(setup, make_plan(setup, "throughput"))


def test_a_given_server_that_fills_up_ends_the_session(
    make_arm: MakeArm, make_setup: MakeSetup, query: Query
) -> None:
    import redis

    from infrastructure.brokers import BrokerChoice
    from infrastructure.errors import UsageError

    setup = make_setup(make_arm("celery"))
    folder = TrialFolder.create(setup.database.parent / "theirs", "server", {})
    server = BrokerChoice("redis", "embedded").start(folder, {})
    url = server.url.replace("127.0.0.1", "user:secret@127.0.0.1")
    with redis.Redis.from_url(server.url) as theirs:
        theirs.acl_setuser(
            "user", enabled=True, passwords=["+secret"], keys=["*"], categories=["+@all"]
        )
        theirs.set("precious", "1")
    setup.arm = replace(setup.arm, broker=BrokerChoice("redis", "url", url))
    with pytest.raises(UsageError, match="holds 1 key"):
        run_trial(setup, make_plan(setup, "throughput"))
    ((status, reason),) = query("SELECT status, reason FROM trial")
    assert status == "failed"
    assert "secret" not in reason
    server.stop()
    folder.remove()
