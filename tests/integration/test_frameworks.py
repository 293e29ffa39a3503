"""Every framework of the matrix drains a backlog on every broker that it supports, in every
profile, with its settings as asked. Every scenario on every pair: ``test_matrix.py``.
"""

from dataclasses import replace

import psycopg
import pytest

from harness.trial.cell import Arm, wanted
from harness.trial.steps import run_trial
from infrastructure.brokers import BrokerChoice
from infrastructure.processes.folder import TrialFolder
from tests.conftest import TINY, Query, make_plan
from tests.integration.trials import EVERY_PAIR, PAIRS, MakeArm, MakeSetup, Trial, on_pairs, sound

TASKS = 200  # some do fifty a second
COUNTED = {"redis", "postgresql", "mysql", "sqs"}  # brokers that count, whatever their version


@on_pairs(EVERY_PAIR)
def test_a_backlog_is_drained(arm: Arm, make_setup: MakeSetup, query: Query) -> None:
    broker, setup = arm.broker.name, make_setup(arm)
    size = replace(TINY, tasks=TASKS, idle_s=1)  # RabbitMQ at rest uses CPU by fits and starts
    outcome = run_trial(setup, make_plan(setup, "throughput", size=size))
    deadlock = "(1213," in str(outcome.trial.log_tail)
    if (
        (arm.framework, broker) == ("asynctasq", "mysql")
        and outcome.status == "failed"
        and deadlock
    ):
        pytest.xfail("docs/findings.md: on MariaDB deadlocks end workers, here too often")
    found = sound(outcome)
    assert found["completed_once"] == TASKS
    assert found["left_in_broker"] == 0
    assert found["drain_rate"] > 0  # no pair is without a figure
    assert found["workers_cpu_per_task"] > 0
    assert found["broker_cpu_per_task"] > 0
    assert (found.get("broker_commands_per_task", 0) >= 1) or broker not in COUNTED
    settings = query("SELECT name, asked, effective FROM setting WHERE asked IS NOT NULL")
    assert all(asked == effective for _, asked, effective in settings)
    described = setup.descriptions[wanted("throughput", {})]
    assert {name for name, _, _ in settings} >= {"in_flight", *described.asked}
    reserved = "unacknowledged" in {name for name, _, _ in settings}
    assert reserved == (bool(described.depth["in_flight"]) and not described.varies)
    ((name, version),) = query("SELECT broker, broker_version FROM trial")
    assert name == broker
    assert any(char.isdigit() for char in version)


# What drains no backlog by its stock command line, and in which words it says so.
NO_DRAIN = {
    ("chancy", "postgresql", "default"): "takes a job a process every 5 s from a backlog",
    ("faststream", "rabbitmq", "default"): "executes all there are, side by side",
}


@pytest.mark.matrix
@pytest.mark.parametrize("profile", ["default", "tuned"])
@on_pairs(PAIRS)
def test_a_backlog_is_drained_in_every_profile(arm: Arm, trial: Trial, profile: str) -> None:
    outcome = trial(replace(arm, profile=profile), "throughput")
    if words := NO_DRAIN.get((arm.framework, arm.broker.name, profile)):
        assert outcome.status == "gap"
        assert words in str(outcome.reason)
        return
    sound(outcome)


# Whatever has a name in a database of PostgreSQL.
LEFT = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


@pytest.mark.matrix
@pytest.mark.parametrize("framework", [name for name, broker in PAIRS if broker == "postgresql"])
def test_nothing_is_left_on_a_given_server(
    make_arm: MakeArm, trial: Trial, folder: TrialFolder, framework: str
) -> None:
    own = BrokerChoice("postgresql", "embedded").start(folder, {})
    try:
        arm = replace(make_arm(framework), broker=BrokerChoice("postgresql", "url", own.url))
        sound(trial(arm, "throughput", size=replace(TINY, tasks=60)))
        with psycopg.connect(own.url) as theirs:
            assert theirs.execute(LEFT).fetchall() == []
    finally:
        own.stop()
