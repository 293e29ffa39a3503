"""What a trial is held against, of what its run and its records say."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.measure.layouts import Array, calls
from harness.measure.records import Records
from harness.trial.evidence import evidence_of
from harness.trial.trial import Trial
from tasks.records import FAILED, OK, PHASES
from tasks.spec import Topology
from tests.unit.measure.test_laws import runs, sends
from tests.unit.trial.conftest import MakeTrial
from tests.unit.trial.test_judging import NOTHING, finished_run


def held(trial: Trial, load: Array, schedule: Array | None = None, **point: Any) -> Any:
    """The evidence of a trial with these sends, by a schedule where there is one."""
    trial.plan = replace(trial.plan, point=replace(trial.plan.point, **point))
    producers = SimpleNamespace(
        naps={}, calls={} if schedule is None else {"load": schedule}, next_number=lambda _: 9
    )
    records = dict.fromkeys(PHASES, NOTHING) | {"load": Records(load, runs(load))}
    return evidence_of(trial, finished_run(producers=producers), records)


def test_tasks_that_are_to_fail_are_known_by_their_numbers(make_trial: MakeTrial) -> None:
    load, trial = sends(4), make_trial()
    load["seq"] += 3
    schedule = np.concatenate([calls(2, "noop"), calls(2, "flaky", 2)])
    assert held(trial, load, schedule).failures == {5: 2, 6: 2}
    assert held(trial, load[:3], schedule).failures == {}  # whose is whose nobody knows
    assert held(trial, load).failures == {}


def test_a_schedule_is_known_where_it_is_that_of_all(make_trial: MakeTrial) -> None:
    load, trial = sends(3), make_trial()
    schedule = calls(3, offsets_ns=np.array([0, 5, 7]))
    assert held(trial, load, schedule).offsets.tolist() == [0, 5, 7]
    assert len(held(trial, load, schedule[1:]).offsets) == 0  # a segment of several
    assert len(held(trial, load, calls(3)).offsets) == 0  # a closed loop


@pytest.mark.parametrize(
    ("tells", "acks", "shown"),
    [(True, "late", True), (False, "late", False), (True, "early", False)],
)
def test_what_is_reserved_is_shown_until_a_late_acknowledgement(
    make_trial: MakeTrial, acks: str, *, tells: bool, shown: bool
) -> None:
    run = finished_run(
        queues=SimpleNamespace(show_reserved=tells), topology=Topology(2, 1, 2, acks)
    )
    assert evidence_of(make_trial(), run, dict.fromkeys(PHASES, NOTHING)).shown is shown


@pytest.mark.parametrize(("wants", "planned"), [({}, 9), ({"onward": True}, 0)])
def test_workers_send_tasks_of_their_own_or_do_not(
    make_trial: MakeTrial, wants: dict[str, Any], planned: int
) -> None:
    assert held(make_trial(), sends(3), wants=wants).planned == planned


def test_a_caller_knows_that_a_task_has_succeeded_when_it_has_the_result(
    make_trial: MakeTrial,
) -> None:
    load, trial = sends(3), make_trial()
    load["outcome"] = [OK, FAILED, OK]
    acks = load["ack"].tolist()
    assert held(trial, load).answers == {}
    assert held(trial, load, options={"callers": 2}).answers == {0: acks[0], 2: acks[2]}


@pytest.mark.parametrize(("scenario_leaves", "crashes"), [(True, []), (False, ["it crashed"])])
def test_where_workers_ended_what_they_held_says_nothing(
    make_trial: MakeTrial, crashes: list[str], *, scenario_leaves: bool
) -> None:
    trial = make_trial()
    scenario: Any = SimpleNamespace(leaves=scenario_leaves)
    trial.plan = replace(trial.plan, scenario=scenario)
    found = evidence_of(trial, finished_run(crashes=crashes), dict.fromkeys(PHASES, NOTHING))
    assert not found.lived
