"""Each law fires on a record that breaks it, and holds on one that does not."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from harness.measure.laws import Closed, Evidence, broken, shares, starved
from harness.measure.layouts import RUN_TYPE, SEND_TYPE, kind_number
from harness.measure.records import Records
from infrastructure.service import Depth
from tasks.records import PHASES

MS = 1_000_000
TASKS = 400
WORKERS = (101, 102)


def sends(count: int, kind: str = "noop", *, every: int = MS, at: int = 0) -> Any:
    found = np.zeros(count, SEND_TYPE)
    found["seq"] = np.arange(count)
    found["intended"] = found["send"] = at + every * np.arange(count)
    found["ack"] = found["send"] + MS // 10
    found["kind"], found["pid"] = kind_number(kind), 7
    return found


def runs(of: Any, *, after: int = MS // 5, takes: int = MS // 10) -> Any:
    """An attempt of each, in turn by two workers."""
    found = np.zeros(len(of), RUN_TYPE)
    found["seq"], found["kind"] = of["seq"], of["kind"]
    found["start"] = of["send"] + after
    found["end"] = found["start"] + takes
    found["pid"] = np.resize(WORKERS, len(of))
    return found


def evidence(**phases: Records) -> Evidence:
    nothing = Records(np.zeros(0, SEND_TYPE), np.zeros(0, RUN_TYPE))
    ready = sends(4, "nap", every=40 * MS)
    plain = {
        "ready": Records(ready, runs(ready, takes=20 * MS)),
        "load": Records(sends(TASKS), runs(sends(TASKS))),
    }
    return Evidence(
        dict.fromkeys(PHASES, nothing) | plain | phases,
        slots=2,
        processes=2,
        prefetch=2,
        naps={"ready": dict.fromkeys(range(4), 20_000)},
    )


def load(**changed: Any) -> Records:
    """A sound load with some columns of its attempts replaced."""
    own = sends(TASKS)
    attempts = runs(own)
    for name, values in changed.items():
        attempts[name] = values
    return Records(own, attempts)


def test_a_sound_trial_breaks_none() -> None:
    assert broken(evidence()) == []


SOUND = load().runs


@pytest.mark.parametrize(
    ("law", "wrong"),
    [
        ("cause", load(start=SOUND["start"] - MS // 4)),
        ("clock", load(end=SOUND["start"] - 1)),
        ("place", load(pid=7)),
        ("body", load(kind=kind_number("nap"))),
        ("slots", load(end=SOUND["start"] + 5 * MS)),
    ],
)
def test_a_load_that_breaks_a_law_is_told_its_name(law: str, wrong: Records) -> None:
    found = broken(replace(evidence(load=wrong), strangers=frozenset({7})))
    assert [sentence.split()[1] for sentence in found] == [law]


def test_a_load_that_was_not_sent_as_planned_breaks_the_law() -> None:
    assert broken(replace(evidence(), planned=TASKS)) == []
    (short,) = broken(replace(evidence(), planned=TASKS + 4))
    assert "law schedule broken" in short
    assert "4 of 404 tasks without a send" in short
    offsets = 9 + MS * np.arange(TASKS)
    assert broken(replace(evidence(), offsets=offsets)) == []
    (moved,) = broken(replace(evidence(), offsets=2 * offsets))
    assert "found a schedule that was moved by up to 399.000 ms" in moved


def test_a_nap_that_was_not_taken_breaks_the_law() -> None:
    asleep = sends(4, "nap", every=40 * MS)
    (found,) = broken(evidence(ready=Records(asleep, runs(asleep, takes=MS))))
    assert "law nap broken" in found
    assert "ready: 4 of 4" in found


def test_work_in_less_time_than_there_is_breaks_the_law() -> None:
    """400 tasks of 0.1 ms, from 0.2 ms to 399.3 ms on two cores: 798 ms of CPU at most."""
    assert broken(replace(evidence(), work_s=0.003, cores=2)) == []  # a neighbour's doing
    (found,) = broken(replace(evidence(), work_s=0.005, cores=2))
    assert found.endswith("found 2.00 s of work in 0.40 s by 2 at a time")
    (still,) = broken(replace(evidence(), work_s=0.003, still_s=0.2, cores=2))
    assert still.endswith("found 1.20 s of work in 0.20 s by 2 at a time")
    (alone,) = broken(replace(evidence(), work_s=0.003, cores=1))
    assert "law work broken" in alone


def test_a_call_that_comes_back_before_its_answer_breaks_the_law() -> None:
    called = sends(4, "http", every=40 * MS)
    swift = evidence(load=Records(called, runs(called, takes=8 * MS)))
    assert broken(swift) == []  # nobody knows how long a call takes
    assert broken(replace(swift, api_ns=19 * MS)) == []  # timers come early
    (found,) = broken(replace(swift, api_ns=20 * MS))
    assert "law nap broken" in found
    assert "load: 4 of 8" in found


def test_a_process_without_a_role_breaks_the_law() -> None:
    (found,) = broken(replace(evidence(), outside=frozenset({9, 8})))
    assert found == (
        "law role broken: every process that a trial starts belongs to a role; found process 8, 9"
    )


def test_a_failure_that_did_not_come_breaks_the_law() -> None:
    """Two attempts of each, of which the first failed."""
    own = sends(4, "flaky", every=40 * MS)
    failed, done = runs(own), runs(own, after=MS)
    failed["outcome"] = 1
    once = evidence(load=Records(own, np.concatenate([failed, done])))
    assert broken(replace(once, failures=dict.fromkeys(range(4), 1))) == []
    (found,) = broken(replace(once, failures={0: 1, 1: 2, 2: 2}))
    assert "law failure broken" in found
    assert "load: 2 of 8" in found


def test_an_answer_before_the_end_breaks_the_law() -> None:
    ended = SOUND["end"].tolist()
    assert broken(replace(evidence(), answers=dict(enumerate(ended)))) == []
    early = replace(evidence(), answers={0: ended[0], 1: ended[1] - 1, TASKS + 1: 0})
    (found,) = broken(early)
    assert "law answer broken" in found
    assert "load: 1 of 400" in found
    assert broken(replace(early, clocks_ns=1)) == []


def test_a_start_behind_a_closed_gate_breaks_the_law() -> None:
    held = replace(evidence(), gates=[Closed(-1, 10 * MS)])
    (found,) = broken(held)
    assert "law gate broken" in found
    opened = replace(held, gates=[Closed(-1, 0)])
    assert broken(opened) == []


def deposited(behind: int) -> Evidence:
    """A backlog sent behind a gate, of which the broker shows all but ``behind``."""
    own = sends(TASKS)
    held = Records(own, runs(own, after=1000 * MS, takes=0))
    looks = range(50 * MS, 390 * MS, 40 * MS)
    counts = [(at, Depth(max(0, at // MS - behind), 2, 0)) for at in looks]
    opened = (TASKS + 1) * MS
    ready = evidence().phases["ready"]
    entered = Records(ready.sends, ready.runs[:2])  # two gate tasks hold the slots
    return replace(evidence(load=held, ready=entered), gates=[Closed(-1, opened)], depths=counts)


def test_sends_that_never_reach_the_broker_break_the_law() -> None:
    (found,) = broken(deposited(60))
    assert "law deposit broken" in found
    assert broken(deposited(20)) == []  # it may be a few milliseconds behind


def test_each_gate_is_looked_at_for_itself() -> None:
    """Behind the one before, of sixty tasks, nothing was missing at any look."""
    found, marks = deposited(60), sends(60, "mark", every=10 * MS, at=-900 * MS)
    proof = Records(marks, runs(marks, after=2000 * MS, takes=0))
    looks = [(at, Depth(60, 2, 0)) for at in range(-890 * MS, -10 * MS, 20 * MS)]
    both = replace(
        found,
        phases={**found.phases, "gate": proof},
        gates=[Closed(-1000 * MS, -2), *found.gates],
        depths=[*looks, *found.depths],
    )
    (said,) = broken(both)
    assert said.endswith("missing at most looks of 8")


def test_a_depth_that_cannot_show_all_that_is_reserved_proves_less() -> None:
    assert broken(replace(deposited(60), prefetch=0)) == []
    assert broken(replace(deposited(60), shown=False, prefetch=100)) == []
    assert len(broken(replace(deposited(60), shown=False))) == 1


@pytest.mark.parametrize(("step", "expected"), [(-1, 1), (1, 0)])
def test_a_queue_that_is_read_backwards_breaks_the_law(step: int, expected: int) -> None:
    own = sends(60)
    order = runs(own, after=100 * MS)
    order["seq"] = order["seq"][::step]
    turned = Records(own, order[np.argsort(order["seq"])])
    found = broken(replace(evidence(gate=turned), proof=(0, 60)))
    assert len(found) == expected
    assert all("law order broken" in sentence for sentence in found)


def drained(pids: Any, *, every: int = 3 * MS, workers: tuple[int, ...] = WORKERS) -> Evidence:
    """A backlog that waits behind a gate, then is executed one after the other by these."""
    own = sends(TASKS)
    done = runs(own)
    opened = (TASKS + 1) * MS
    done["start"] = opened + every * np.arange(TASKS)
    done["end"] = done["start"] + MS
    done["pid"] = pids
    held = evidence(load=Records(own, done))
    members = dict(zip(WORKERS, workers, strict=True))
    return replace(held, gates=[Closed(-1, opened)], workers=members)


def test_a_worker_that_takes_nothing_of_a_backlog_is_named() -> None:
    assert starved(drained(np.resize(WORKERS, TASKS))) == {}
    lazy = drained(WORKERS[0])
    assert shares(lazy) == {WORKERS[0]: 2.0, WORKERS[1]: 0.0}
    assert starved(lazy) == {WORKERS[1]: 0.0}
    assert starved(replace(lazy, prefetch=0)) == {}  # one may have reserved them all


def looked_at(in_flight: int, *, unended: int = 0, **changed: Any) -> Evidence:
    """A backlog of two workers of which the broker is asked every 100 ms while it is drained, at
    once; a third of the counts are off. ``unended``: of those in flight, all where it is 0.
    """
    found = drained(np.resize(WORKERS, TASKS))
    begin = found.gates[-1].end
    looks = range(begin + 50 * MS, begin + 1200 * MS, 100 * MS)
    counts = []
    for number, at in enumerate(looks):
        ended = sum(len(each.runs[each.runs["end"] <= at + 2 * MS]) for each in phases_of(found))
        waiting = sum(len(each.sends) for each in phases_of(found)) - ended
        waiting -= unended or in_flight
        counts.append((at, Depth(waiting, in_flight + 3 * (number % 3 == 0), 0)))
    return replace(found, depths=counts, **changed)


def phases_of(found: Evidence) -> list[Records]:
    return list({id(each): each for each in found.phases.values()}.values())


def test_more_tasks_reserved_than_was_asked_break_the_law() -> None:
    assert broken(looked_at(2)) == []
    (found,) = broken(looked_at(3))
    assert "law reserve broken" in found
    assert "found 3 at most looks of 11, asked 2" in found


def test_what_has_ended_and_is_acknowledged_later_is_reserved_no_more() -> None:
    assert broken(looked_at(500, unended=2)) == []
    (found,) = broken(looked_at(500, unended=3))
    assert "found 3 at most looks of 11, asked 2" in found


@pytest.mark.parametrize(
    "changed", [{"prefetch": 0}, {"shown": False}, {"lived": False}, {"gates": []}]
)
def test_what_is_reserved_is_not_always_known(changed: dict[str, Any]) -> None:
    """No number was asked, the broker does not tell, a worker ended, or nothing waited."""
    assert broken(replace(looked_at(3), **changed)) == []


def test_a_few_looks_say_nothing_of_what_is_reserved() -> None:
    found = looked_at(3)
    assert broken(replace(found, depths=found.depths[:3])) == []


def test_less_than_a_second_says_nothing_of_a_share() -> None:
    assert starved(drained(WORKERS[0], every=MS)) == {}


def test_a_child_of_a_pool_may_take_nothing() -> None:
    assert starved(drained(WORKERS[0], workers=(7, 7))) == {}


def test_one_of_two_workers_may_take_all_of_a_low_rate() -> None:
    own = sends(TASKS, every=10 * MS)
    done = runs(own)
    done["pid"] = WORKERS[0]
    at_rate = replace(drained(WORKERS[0]), gates=[Closed(-2, -1)])
    assert starved(replace(at_rate, phases=evidence(load=Records(own, done)).phases)) == {}


def test_what_is_reserved_by_the_others_at_the_end_is_no_share() -> None:
    """The last tasks, no more than can be reserved, need not reach a worker that is free."""
    taken = np.resize(WORKERS, TASKS)
    assert len(shares(replace(drained(taken), prefetch=TASKS - 50))) == 0


def test_a_process_that_was_replaced_has_no_share() -> None:
    assert shares(drained(1000 + np.arange(TASKS))) == {}


def test_a_task_under_another_number_breaks_the_law() -> None:
    own = sends(60, "mark", at=-100 * MS)
    arrived = runs(own)
    arrived["outcome"] = 1
    (found,) = broken(evidence(gate=Records(own, arrived), load=load()))
    assert "law name broken" in found
    assert broken(evidence(gate=Records(own, runs(own)))) == []


def test_clocks_of_two_hosts_may_be_apart_by_what_they_are_known_to() -> None:
    early = runs(sends(TASKS), after=-MS // 100)  # 10 us before its send
    found = evidence(load=Records(sends(TASKS), early))
    assert [sentence.split()[1] for sentence in broken(found)] == ["cause"]
    assert broken(replace(found, clocks_ns=MS // 100)) == []
