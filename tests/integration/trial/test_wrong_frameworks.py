"""A deliberately wrong framework is void, with a reason that names what is impossible of it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.scenario.point import amount
from harness.store.vocabulary import Status
from harness.trial.cell import Arm
from tests import wrong
from tests.conftest import TINY
from tests.integration.trials import CORES, Trial, chosen, only_timing

FOLDER = Path(wrong.__file__).parent
# By adapter: what its reason says. Tasks: as many as make the mistake visible.
TOLD = {
    "acks_first": "setting unacknowledged: asked 2, a running worker has 0",
    "another_body": "law body broken",
    "answers_at_once": "law answer broken",
    "calls_nobody": "law nap broken",
    "drops": "lost: 2 of 2000 tasks",
    "early_stamps": "law cause broken",
    "flushes_hundreds": "law deposit broken",
    "fewer_rounds": "law work broken",
    "four_at_a_time": "law slots broken",
    "hides_in_a_daemon": "law role broken",
    "lazy_worker": "did 0.",
    "never_acks": "still at the broker after the drain",
    "never_fails": "law failure broken",
    "newest_first": "law order broken",
    "no_body": "law nap broken",
    "repeats_later": "duplicated: 2 of 600 tasks",
    "reserves_hundred": "setting unacknowledged: asked 2, a running worker has",
    "reserves_later": "law reserve broken",
    "runs_elsewhere": "law place broken",
    "runs_in_producer": "law place broken",
    "sends_later": "law deposit broken",
    "sends_some_later": "law deposit broken",
    "swaps_ids": "law name broken",
}

# Where it takes more than the usual 600 to see: one in a thousand, several looks at the broker
# while it is sent or drained, a second of one worker's work.
TASKS = {
    "drops": 2000,
    "sends_later": 3000,
    "sends_some_later": 32_000,
    "lazy_worker": 16_000,
    "reserves_later": 32_000,
}
LATE_S = {"repeats_later": 2.0}  # after the drain, where what is wrong comes then
# Scenario and point, where another than a backlog of no-ops shows it.
LOADS = {
    "answers_at_once": ("results", "1 caller"),
    "calls_nobody": ("io_bound", "fan-out 1"),
    "fewer_rounds": ("cpu_bound", amount(CORES, "process", "processes")),
    "never_fails": ("scheduling", "retry after 1 s, then 2 s"),
}


# What keeps a trial from coming to its load: it has no figures at all.
STOPPED = {"tired_worker": "gate tasks in all 2 slots: not within 2 s"}


def test_every_wrong_framework_has_a_reason() -> None:
    assert {path.stem for path in FOLDER.glob("[a-z]*.py")} == {*TOLD, *STOPPED}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("name", TOLD)
def test_a_wrong_framework_is_void_and_told_why(
    make_arm: Callable[..., Arm], trial: Trial, name: str
) -> None:
    arm = replace(make_arm("stub"), adapter=str(FOLDER / f"{name}.py"))
    scenario, label = LOADS.get(name, ("throughput", ""))
    late_s = LATE_S.get(name, 0.0)
    size = replace(TINY, tasks=TASKS.get(name, 600), scale=0.4, late_s=late_s)
    outcome = trial(arm, scenario, **{**chosen(scenario, label), "size": size})
    assert outcome.status is Status.INVALID, outcome.reason
    assert TOLD[name] in outcome.reason


@pytest.mark.parametrize("name", STOPPED)
def test_a_framework_that_never_holds_its_slots_fails_and_is_told_why(
    make_arm: Callable[..., Arm], trial: Trial, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("harness.scenario.gate.CLOSED_S", 2)
    outcome = trial(replace(make_arm("stub"), adapter=str(FOLDER / f"{name}.py")), "throughput")
    assert outcome.status is Status.FAILED
    assert STOPPED[name] in outcome.reason
    assert "drain_rate" not in outcome.metrics


def test_the_stub_itself_breaks_none(make_arm: Callable[..., Arm], trial: Trial) -> None:
    outcome = trial(make_arm("stub"), "throughput", size=replace(TINY, late_s=2.0))
    assert only_timing(outcome), outcome.reason  # a slow machine's drain may be unsteady
