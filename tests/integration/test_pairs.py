"""Every framework on every broker, at small size: nothing lost, settings as asked, counts fit."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from harness.scenario.gate import TOGETHER
from harness.trial import cell
from harness.trial.cell import Arm, Description, describe_all, wanted
from infrastructure.brokers import BrokerChoice
from infrastructure.names import NAMES
from infrastructure.processes.folder import spool_of
from tests.conftest import TINY, Query
from tests.integration.trials import (
    FRAMEWORKS,
    TWO_ON_ALL,
    MakeArm,
    Trial,
    chosen,
    on_pairs,
    sound,
    strike,
)

TABLES = {"postgresql", "mysql"}


def described(arm: Arm) -> Description:
    """How the arm is started for a backlog."""
    wants = wanted("throughput", {})
    return describe_all(arm, [wants])[wants]


@on_pairs(TWO_ON_ALL)
def test_what_a_broker_of_tables_takes_is_told(arm: Arm) -> None:
    """They stand before the first process comes, since two that create them at once get into each
    other's way (docs/findings.md). And what is experimental upstream is labelled so: in the report
    the source of the settings stands beside every arm.
    """
    found, tables = described(arm), arm.broker.name in TABLES
    assert bool(found.before) == tables
    assert ("experimental" in found.source) == (arm.framework == "celery" and tables)


@pytest.mark.parametrize("broker", NAMES)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_no_argument_of_a_process_is_a_secret(
    make_arm: MakeArm, monkeypatch: pytest.MonkeyPatch, framework: str, broker: str
) -> None:
    """Every user of the machine can read arguments. The host puts nothing into the commands that a
    cell gives; so it is enough that one which knows an address repeats nothing of it.
    """
    monkeypatch.setattr(cell, "BROKER_URL", f"{broker}://bench:hidden@127.0.0.1:1/bench")
    arm = replace(make_arm(framework, "default"), broker=BrokerChoice(broker, "url"))
    found = described(arm)
    assert found.workers
    words = [word for command in [*found.workers, *found.before] for word in command]
    assert not [word for word in words if "hidden" in word or "{" in word]


@pytest.mark.parametrize("broker", sorted(TABLES))
def test_the_stock_command_line_finds_its_server_in_its_environment(
    on_broker: MakeArm, trial: Trial, broker: str
) -> None:
    """Where it is told its password, and tables have to be made before it comes."""
    sound(trial(on_broker("asynctasq", broker, profile="default"), "throughput"))


PROGRAMS = {
    ("asynctasq", "postgresql"): "bin/postgres",
    ("celery", "mysql"): "mariadbd",
    ("asynctasq", "rabbitmq"): "beam.smp",
    ("asynctasq", "sqs"): "fauxqs",
}


@on_pairs(PROGRAMS)
def test_a_broker_that_dies_is_a_failed_row_with_its_log(
    arm: Arm, trial: Trial, query: Query, database: Path
) -> None:
    broker = arm.broker.name
    program = PROGRAMS[arm.framework, broker]
    killer = threading.Thread(target=strike, args=(spool_of(database), program))
    killer.start()
    # RabbitMQ has some hundred of them done before the blow can fall.
    issued_tasks = 5000 if broker == "rabbitmq" else 500
    outcome = trial(arm, "throughput", size=replace(TINY, tasks=issued_tasks))
    killer.join()
    assert outcome.status == "failed"
    assert "the broker process" in outcome.reason
    assert "SIGKILL" in outcome.reason
    brokers_part = str(outcome.trial.log_tail).partition("── broker ")[2].partition("\n── ")[0]
    assert brokers_part
    assert brokers_part.endswith("\n(nothing)") == (broker == "sqs")  # its emulator logs nothing
    ((issued, lost),) = query(
        "SELECT count(DISTINCT seq), count(*) FILTER (outcome = 'lost') FROM task_record"
    )
    assert issued == issued_tasks
    assert outcome.metrics["lost"] == lost > 0


BACKENDS = {"results-redis": "redis", "results-database": "postgresql", "results-rpc": "rabbitmq"}


@pytest.mark.parametrize("variant", BACKENDS)
def test_celery_keeps_results_where_it_is_told_to(
    on_broker: MakeArm, trial: Trial, query: Query, monkeypatch: pytest.MonkeyPatch, variant: str
) -> None:
    arm = on_broker("celery", BACKENDS[variant], variant=variant)
    # Few tasks: with results in tables two are done a second (docs/findings.md).
    monkeypatch.setattr("harness.scenario.gate.MARKS", TOGETHER)
    monkeypatch.setattr("scenarios.cold_start.FEWER_STARTS", 1)
    sound(trial(arm, "cold_start", **chosen("cold_start", "bytecode")))
    kept: dict[str, str] = dict(
        query("SELECT name, effective FROM setting WHERE effective IS NOT NULL")
    )
    assert kept["ignore_result"] == "false"
    assert kept["result_backend"].strip('"') != "DisabledBackend"


def test_results_elsewhere_are_a_gap(on_broker: MakeArm, trial: Trial) -> None:
    outcome = trial(on_broker("celery", "redis", variant="results-rpc"), "throughput")
    assert outcome.status == "gap"
    assert "results-rpc wants rabbitmq" in outcome.reason
