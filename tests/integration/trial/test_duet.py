"""Arms of a block that take turns: the accounts are whole and nobody works out of turn."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from harness.scenario.catalogue import is_open_loop, load_scenario, load_scenarios
from harness.scenario.seats import PINNED
from harness.store.database import open_database
from harness.trial.cell import Arm
from harness.trial.duet import Conductor, play
from harness.trial.outcome import Outcome
from harness.trial.steps import run_trial
from harness.trial.swaps import Swapping
from infrastructure.processes.folder import spool_of
from infrastructure.processes.pins import Pins
from tests.conftest import TINY, make_plan
from tests.integration.trials import MakeArm, MakeSetup, only_timing, sound

Duet = Callable[..., list[Outcome]]
TASKS = 3000


@pytest.fixture
def duet(make_setup: MakeSetup) -> Duet:
    def run(
        arms: list[Arm],
        scenario: str = "throughput",
        point: Mapping[str, Any] | None = None,
        conductor: Conductor | None = None,
    ) -> list[Outcome]:
        conductor = conductor or Conductor(len(arms), seed=7)
        load = {"size": replace(TINY, tasks=TASKS), **(point or {})}
        outcomes: dict[int, Outcome] = {}
        setups = [replace(make_setup(arm), number=n) for n, arm in enumerate(arms, 1)]

        def one(number: int) -> None:
            plan = make_plan(setups[number], scenario, **load)
            plan = replace(plan, trial_id=f"{plan.trial_id}-{number}")
            outcomes[number] = run_trial(setups[number], plan, conductor.partners[number])

        play(conductor, [lambda n=n: one(n) for n in range(len(arms))])  # type: ignore[misc]
        return [outcomes[n] for n in sorted(outcomes)]

    return run


def switches(database: Path) -> float:
    """Of the tasks, in the order of their ends, the share after which one of the other arm ends."""
    with open_database(database, read_only=True) as connection:
        ended = connection.execute(
            "SELECT trial_id FROM task_record WHERE end_ns IS NOT NULL ORDER BY end_ns"
        ).fetchall()
    return sum(a != b for a, b in pairwise(ended)) / len(ended)


def test_two_arms_take_turns_and_lose_nothing(
    make_arm: MakeArm, duet: Duet, database: Path
) -> None:
    slower = make_arm("stub", service_us=2000)
    turns = Conductor(2, seed=7, window_s=0.1)
    outcomes = duet([make_arm("stub"), slower], conductor=turns)
    assert all(map(only_timing, outcomes)), [o.trial.reason for o in outcomes]
    fast, slow = outcomes
    assert fast.metrics["drain_rate"] > 1.2 * slow.metrics["drain_rate"]
    assert all(o.metrics["completed_once"] == o.metrics["issued"] == TASKS for o in outcomes)
    assert all(o.metrics["turns"] >= 2 for o in outcomes)
    assert switches(database) < 1 / 10  # side by side they would at every second task


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="takes a core for each arm")
def test_two_arms_work_at_once_on_cores_of_their_own(
    make_arm: MakeArm, duet: Duet, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One each here. Every process of an arm is where it belongs, and on the other in the next
    window; nothing is lost, and they do work side by side.
    """
    here = os.sched_getaffinity(0)
    first, second, *_ = (frozenset({core}) for core in sorted(here))
    seen: list[tuple[frozenset[int], set[int]]] = []
    put = Pins.put

    def noted(pins: Pins, cores: Iterable[int]) -> None:
        put(pins, cores)
        for pid in pins.members():
            with suppress(ProcessLookupError):
                seen.append((frozenset(cores), os.sched_getaffinity(pid)))

    monkeypatch.setattr(Pins, "put", noted)
    slower = make_arm("stub", service_us=2000)
    outcomes = duet(
        [make_arm("stub", service_us=500), slower],
        conductor=Swapping([first, second], seed=7, window_s=0.1),
    )
    fast, slow = map(sound, outcomes)
    assert fast["drain_rate"] > 1.2 * slow["drain_rate"]
    assert fast["turn_cores"] == slow["turn_cores"] == 1
    assert fast["turn_tasks_cut"] == slow["turn_tasks_cut"] == 0
    assert all(found == cores for cores, found in seen)
    assert {first, second} <= {cores for cores, _ in seen}
    assert os.sched_getaffinity(0) == here
    assert switches(database) > 1 / 10  # in turns they would hardly ever


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="takes a core for each worker")
def test_pinned_workers_keep_to_a_core_each_while_they_take_turns(
    make_arm: MakeArm, duet: Duet, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = os.sched_getaffinity(0)
    seen, freed = list[set[int]](), list[set[int]]()
    put, give_up = Pins.put, Pins.give_up

    def noted(pins: Pins, cores: Iterable[int]) -> None:
        put(pins, cores)
        seen.extend(os.sched_getaffinity(pid) for pid in pins.members())

    def let_go(pins: Pins) -> None:
        give_up(pins)
        freed.extend(os.sched_getaffinity(pid) for pid in pins.members())

    monkeypatch.setattr(Pins, "put", noted)
    monkeypatch.setattr(Pins, "give_up", let_go)
    arms = [make_arm("stub", processes=2), make_arm("stub", processes=2, service_us=500)]
    outcomes = duet(arms, point={"options": {PINNED: True}})
    assert [sound(o)["workers_pinned"] for o in outcomes] == [2, 2]
    on_one = [cores for cores in seen if len(cores) == 1]
    assert len({frozenset(cores) for cores in on_one}) == 2
    assert len(freed) == 4
    assert all(cores == here for cores in freed)


def test_open_loops_are_offered_in_segments_one_arm_at_a_time(
    make_arm: MakeArm, duet: Duet, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each arm's latency is its own, and a pause of the other is in no figure."""
    monkeypatch.setattr("harness.trial.duet.SEGMENT_S", 0.5)
    load = {"fraction": 0.5, "capacity": 400.0, "options": {"count": 400}}
    outcomes = duet([make_arm("stub"), make_arm("stub", service_us=5000)], "latency", load)
    quick, slow = (o.metrics for o in outcomes)
    assert quick["completed_once"] == slow["completed_once"] == 400
    assert quick["service_p50"] < 5 <= slow["service_p50"]
    assert slow["sojourn_p50"] < 100  # the segments of the other take 500 ms each
    with open_database(database, read_only=True) as connection:
        sent = connection.execute(
            "SELECT trial_id, send_ns, end_ns FROM task_record ORDER BY send_ns"
        ).fetchall()
    changes = [(a, b) for a, b in pairwise(sent) if a[0] != b[0]]
    assert 3 <= len(changes) <= 10
    assert all(end <= send for (_, _, end), (_, send, _) in changes)


# By scenario, who does what the stub cannot.
IN_ITS_PLACE = {"tuning": "celery"}
# Tasks: the stub sends 2,000 in a tenth of a second.
LOADS = {"cpu_bound": 300, "tuning": 600, "throughput": 8_000}
# The stub says nothing of its memory, and a p99 takes 1,000 tasks.
NOT_SEEN = {"broker_bytes_per_task", "sojourn_p99"}


@pytest.mark.parametrize("name", [s.name for s in load_scenarios().values() if s.turns])
def test_whatever_says_that_arms_can_take_turns_at_it_counts_within_them(
    make_arm: MakeArm, duet: Duet, name: str
) -> None:
    scenario = load_scenario(name)
    first = scenario.points(TINY)[0].offered(300.0)
    options = {**first.options, "in_blocks": True, "count": 100}  # the last of an open loop only
    load = vars(replace(first, options=options, backlog=LOADS.get(name, TASKS)))
    arm = make_arm(IN_ITS_PLACE.get(name, "stub"))
    for found in map(sound, duet([arm, arm], name, load)):
        assert found["completed_once"] == found["issued"]
        missing = {metric for metric in scenario.primary_names if metric not in found}
        assert missing <= NOT_SEEN
        assert "turns" in found or is_open_loop(scenario)


def test_an_arm_that_fails_ends_the_block(make_arm: MakeArm, duet: Duet, tmp_path: Path) -> None:
    broken = tmp_path / "broken_adapter.py"
    broken.write_text(
        "from tasks.frameworks.stub import launch, producer\n"
        "def work(spec):\n    raise SystemExit(3)\n"
    )
    outcomes = duet([make_arm("stub"), replace(make_arm("stub"), adapter=str(broken))])
    assert [o.status for o in outcomes] == ["failed", "failed"]
    assert "another arm of this block" in str(outcomes[0].trial.reason)
    assert "exit code 3" in str(outcomes[1].trial.reason)


def test_ctrl_c_ends_both_arms_and_stores_them(
    make_arm: MakeArm, duet: Duet, database: Path
) -> None:
    """However often it comes."""
    arms = [make_arm("stub", service_us=3000), make_arm("stub", service_us=3000)]
    stop = threading.Event()

    def interrupt() -> None:
        while not list(spool_of(database).glob("*/records/gate-2.open")):
            if stop.wait(0.05):
                return
        for _ in range(3):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.1)

    striking = threading.Thread(target=interrupt)
    striking.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            duet(arms)
    finally:
        stop.set()
        striking.join()
    with open_database(database, read_only=True) as connection:
        rows = connection.execute("SELECT status, reason FROM trial").fetchall()
    assert rows == [("failed", "interrupted")] * 2
    assert list(spool_of(database).iterdir()) == []
