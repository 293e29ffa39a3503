"""Every adapter of the matrix on every broker that works here: it delays, it tries again, a caller
has its own result, its queue is seen, it ends when it is asked to, and what a killed worker held
comes back, or does not.

That it sends, runs and reads its settings back: ``tests/integration/test_frameworks.py``.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.experiment.arms import describe_points
from harness.experiment.row import new_experiment
from harness.measure.accounting import account
from harness.measure.metrics import Metric, accounting_metrics
from harness.measure.records import Records
from harness.scenario.point import Point
from harness.scenario.primary import Better, Primary
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario
from harness.store.vocabulary import Purpose
from harness.trial.cell import Arm, wanted
from harness.trial.outcome import Outcome
from harness.trial.plan import Setup, TrialPlan
from harness.trial.steps import run_trial
from infrastructure.processes.child import Child
from infrastructure.processes.folder import session_members, spool_of
from tests.conftest import TINY
from tests.integration.trials import EVERY_PAIR, Trial, chosen, expect_doubles, on_pairs, sound

pytestmark = pytest.mark.matrix
WAITING = 20  # tasks in the queue when it is looked at
REDELIVER_S = 8
NAP_US = 4_000_000  # shorter than REDELIVER_S: what takes longer is cancelled by some
TAKEN_S = 2.0  # in which workers at rest have taken a task
# What has not come back by then does not. A dead leader of Oban's leads for 30 s more, and RQ waits
# for a minute after a job's time is over.
BACK_S = 45.0
LONGER = {"rq": 100.0}
END_S = 30.0
BEAT_S = 0.5
SECOND = 1_000_000_000


class Stops(Scenario):
    """Workers are asked to end while idle, and killed while each has a task; facts in seconds and
    counts.
    """

    name = "stops"
    question = "What becomes of tasks and processes when workers end?"
    primary = (Primary("back_after", Better.LOWER, 0.05),)

    def points(self, size: Any) -> list[Point]:
        asked = {"redeliver_s": REDELIVER_S, "acks": "late"}
        return [
            Point(size, name="asked to hand out again", wants=asked),
            Point(size, name="as it is"),
        ]

    def expected_s(self, _point: Point) -> float:
        return END_S + BACK_S

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        look_at_queue(run)
        end_idle_workers(run)
        run.workers.start()
        kill_busy_workers(run, point.options["back_s"])
        run.drain(quiet_s=1.0)
        run.settle()

    def measure(self, run: Run, _point: Point, records: Records) -> Measures:
        facts = [Metric(name, value, "1") for name, value in run.facts.items()]
        return Measures([*accounting_metrics(account(records)), *facts], [])


def look_at_queue(run: Run) -> None:
    """How many tasks the broker shows behind a closed gate, of WAITING and those of the gate."""
    run.gate.close()
    run.producers.send("load", "noop", WAITING)
    depth = run.queues.depth()
    run.facts |= {"seen": depth.total, "gate_tasks": run.gate._sent}
    run.gate.open()
    run.drain()


def end_idle_workers(run: Run) -> None:
    """By SIGTERM; how long it took, and how many processes were left."""
    children, begin = list(run.workers.children), time.monotonic()
    run.workers.ask_to_end()
    while (left := members(children)) and time.monotonic() < begin + END_S:
        time.sleep(0.05)
    run.facts |= {"end_s": time.monotonic() - begin, "left_running": left}
    run.workers.stop()


def members(children: Sequence[Child]) -> int:
    for child in children:
        child.alive()  # takes note of its end
    return sum(len(session_members(child.pid)) for child in children)


def kill_busy_workers(run: Run, back_s: float) -> None:
    """SIGKILL while a task is in every slot; how many of them are not started again within so long,
    and when the last of the others was.

    A trickle goes on meanwhile: some look for abandoned tasks only when they have got another.
    """
    before, held = run.producers.issued["gate"], run.topology.slots
    run.producers.send("gate", "nap", held, NAP_US)
    time.sleep(TAKEN_S)
    killed = time.monotonic_ns()
    run.workers.kill()
    run.workers.stop()
    run.workers.start()
    deadline = time.monotonic() + back_s
    while not run.completed("gate") and time.monotonic() < deadline:
        run.producers.send("load", "noop", 1)
        time.sleep(BEAT_S)
    runs = Records.read(run.folder.records, "gate").runs
    mine = runs[runs["seq"] >= before]
    back = len(np.unique(mine["seq"]))
    run.facts |= {"not_back": held - back, "held": held}
    run.facts["back_after"] = float(mine["start"].max() - killed) / SECOND if back else np.nan


SCENARIO = Stops()
# What a killed worker held is handed out again where the scenario asks for it, and on RabbitMQ,
# which sees that the connection has gone. But not here, for the reason given.
STAYS = {
    ("asynctasq", "redis"): "it stays in the list of those being processed",
    ("celery", "postgresql"): "a row that was handed out stays invisible",
    ("celery", "mysql"): "a row that was handed out stays invisible",
}


@pytest.fixture
def stops(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Arm], tuple[Outcome, bool]]:
    """A trial of that scenario, and whether the workers were asked to hand tasks out again."""
    # It would be of the scenario's file.
    monkeypatch.setattr("harness.trial.outcome.workload_hash", lambda *_: "of a test")

    def run(arm: Arm) -> tuple[Outcome, bool]:
        spool_of(database).mkdir()
        described = describe_points(arm, [SCENARIO], TINY)
        asked, usual = SCENARIO.points(TINY)
        gap = described[wanted(SCENARIO.name, asked.wants)].gap
        experiment = new_experiment("bench", "tiny", 7, {})
        setup = Setup(database, experiment, arm, described, tmp_path / "profiles")
        options = {"back_s": LONGER.get(arm.framework, BACK_S)}
        point = replace(usual if gap else asked, options=options)
        plan = TrialPlan("stops", 1, 1, SCENARIO, point, Purpose.MEASURE, 7)
        return run_trial(setup, plan), not gap

    return run


@on_pairs(EVERY_PAIR)
def test_workers_end_and_what_they_held_has_a_fate(
    arm: Arm, stops: Callable[[Arm], tuple[Outcome, bool]]
) -> None:
    outcome, asked = stops(arm)
    if outcome.status == "gap":
        assert arm.framework == "raw"
        return
    broker = arm.broker.name
    comes_back = (asked or broker == "rabbitmq") and (arm.framework, broker) not in STAYS
    stays = not comes_back and "still at the broker" in outcome.reason
    assert outcome.status == "ok" or stays, outcome.reason
    found = outcome.metrics
    assert found["lost"] == 0  # of those that no worker had taken
    assert found["left_running"] == 0
    assert found["end_s"] < END_S
    assert WAITING + 1 <= found["seen"] <= WAITING + found["gate_tasks"]
    assert (found["not_back"] == 0) == comes_back, found
    assert comes_back or found["not_back"] == found["held"], found


# Kept in whole seconds that are cut off: docs/findings.md.
CUT_OFF = {
    ("rq", "redis", "delay 1 s"),
    ("rq", "redis", "retry after 1 s, then 2 s"),
    ("saq", "postgresql", "retry after 1 s, then 2 s"),
}

# Delayed tasks that stay at the broker for ever.
FORGOTTEN = ("asynctasq", "rabbitmq", "delay 1 s")


@on_pairs(EVERY_PAIR)
@pytest.mark.parametrize("label", ["delay 1 s", "retry after 1 s, then 2 s"])
def test_delays_and_retries_are_kept_or_a_gap(arm: Arm, trial: Trial, label: str) -> None:
    outcome = trial(arm, "scheduling", **chosen("scheduling", label))
    if outcome.status == "gap":
        assert outcome.reason
        return
    if (arm.framework, arm.broker.name, label) in CUT_OFF and outcome.metrics["early"]:
        assert "were early, by up to" in str(outcome.reason)
        pytest.xfail("docs/findings.md: a second that has begun counts as over")
    if (arm.framework, arm.broker.name, label) == FORGOTTEN and outcome.metrics["lost"]:
        assert "still at the broker after the drain" in str(outcome.reason)
        pytest.xfail("docs/findings.md: on RabbitMQ, a worker never looks for delayed tasks")
    expect_doubles(outcome, arm.framework)
    found = sound(outcome)
    assert found["early"] == 0


@on_pairs(EVERY_PAIR)
def test_a_caller_has_the_result_of_its_own_task_or_a_gap(arm: Arm, trial: Trial) -> None:
    """One that has another task's, or none, has called in vain: its call counts as refused."""
    outcome = trial(arm, "results", **chosen("results", "10 callers"))
    if outcome.status == "gap":
        assert outcome.reason
        return
    found = sound(outcome)
    assert found["refused"] == 0
    assert found["round_trip_p50"] > 0
