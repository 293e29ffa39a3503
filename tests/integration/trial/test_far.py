"""Roles of a trial on other machines: the far end in this process, with a folder of its own."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from harness.experiment.arms import placed
from harness.trial.cell import Arm
from harness.trial.far.end import HELLO, End
from harness.trial.far.host import Card, FarHost, cores_here
from harness.trial.far.process import NEVER
from harness.trial.far.wire import Message, Tell
from harness.trial.steps import run_trial
from infrastructure.hosts.host import HERE, LOOPBACK, Host, Places
from infrastructure.processes.child import HARNESS_PYTHON
from infrastructure.root import ROOT
from tests.conftest import TINY, Query, at_work_below, cell_of, make_plan
from tests.integration.trials import sound
from tests.waiting import until


class Near:
    """A wire without a network; ``cut``: nobody answers any more."""

    def __init__(self, spool: Path, card: Card) -> None:
        self.hear: Tell = lambda _: None
        known = asdict(card)
        self.end = End(spool, lambda: known, lambda news: self.hear(json.loads(json.dumps(news))))
        self.end.answer(json.dumps({"n": 0, "do": HELLO}))
        self.cut = False
        self.asked: list[str] = []

    def ask(self, request: Message, timeout_s: float) -> Message:
        if self.cut:
            raise TimeoutError(f"no answer within {timeout_s:g} s")
        self.asked.append(request["do"])
        found: Message = json.loads(self.end.answer(json.dumps(request)))
        return found

    def news_to(self, hear: Tell) -> None:
        self.hear = hear


Make = Callable[[str], tuple[Host, Near]]


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Make]:
    """Makes hosts; nothing is left on any."""
    made: list[Near] = []

    def make(name: str) -> tuple[Host, Near]:
        raw = str(cell_of("raw"))
        card = Card(str(ROOT), HARNESS_PYTHON, cores_here(), f"machine {name}", {raw: raw})
        wire = Near(tmp_path / name, card)
        made.append(wire)
        return Host(name, LOOPBACK, far=FarHost(name, len(made), wire, card)), wire

    yield make
    for wire in made:
        wire.end.close()
    assert until(lambda: not at_work_below(tmp_path), 10)


def test_every_role_on_a_machine_of_its_own(
    far: Make,
    make_arm: Callable[..., Arm],
    make_setup: Callable[..., Any],
    query: Query,
    tmp_path: Path,
) -> None:
    """Records come back with the stamps of one clock, and nothing stays there."""
    (home, _), (one, wire), (other, _), (producer, _) = (far(name) for name in "bwxp")
    places = Places(home, (one, other), producer)
    setup = make_setup(placed(make_arm("raw"), places))
    found = sound(run_trial(setup, make_plan(setup, "throughput")))
    assert found["broker_cpu_per_task"] > 0
    assert found["workers_cpu_per_task"] > 0
    seen = (
        "SELECT max(pss_bytes) > 0, max(processes) >= 4 FROM resource_sample WHERE role = 'workers'"
    )
    assert query(seen) == [(True, True)]  # two on each
    pids = query(f"SELECT DISTINCT worker_pid // {NEVER} AS host FROM task_record ORDER BY host")
    assert pids == [(2,), (3,)]  # both worked, and their numbers are told apart
    ((where,),) = query("SELECT value FROM environment WHERE name = 'places'")
    assert where == "broker=b,worker=w+x,producer=p"
    told = "SELECT value FROM environment WHERE name LIKE 'machine_of_%' ORDER BY name"
    assert query(told) == [(f"machine {name}",) for name in "bpwx"]
    for name in "bwxp":
        assert not (tmp_path / name).exists()
    assert wire.asked.count("fetch") <= 3  # after the warm-up and at the end, never in between


def test_an_open_loop_whose_workers_alone_are_elsewhere(
    far: Make, make_arm: Callable[..., Arm], make_setup: Callable[..., Any]
) -> None:
    worker, _ = far("w")
    setup = make_setup(placed(make_arm("stub"), Places(HERE, (worker,))))
    plan = make_plan(setup, "latency", fraction=0.5, capacity=200.0, options={"count": 200})
    found = sound(run_trial(setup, plan))
    assert 0 < found["clock_bound"] < 10_000  # us
    assert found["sojourn_p50"] > 0


def test_a_machine_that_is_lost_ends_in_a_row_that_says_so(
    far: Make, make_arm: Callable[..., Arm], make_setup: Callable[..., Any]
) -> None:
    worker, wire = far("w")
    setup = make_setup(placed(make_arm("stub", service_us=20_000), Places(HERE, (worker,))))
    plan = make_plan(setup, "throughput", size=replace(TINY, tasks=2_000))
    hear = wire.hear

    def lose(news: Message) -> None:
        hear(news)
        wire.cut = wire.cut or news.get("completed", {}).get("load", 0) > 0

    wire.hear = lose
    begin = time.monotonic()
    outcome = run_trial(setup, plan)
    assert outcome.status == "failed"
    assert outcome.reason.startswith("the host w does not answer any more")
    assert time.monotonic() - begin < 60
