"""What changes the work of a trial changes its hash, and nothing else does."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.cli.matrix import read_matrix
from harness.scenario.catalogue import load_scenarios
from harness.scenario.point import Point
from harness.scenario.seats import PINNED
from harness.trial import workload
from harness.trial.cell import Arm
from harness.trial.workload import (
    HALF,
    WORK,
    adapter_of,
    stripped,
    verbs_of,
    workload_hash,
)
from infrastructure.root import ROOT
from tests.conftest import TINY
from tests.unit.trial.conftest import MakeTrial

SOURCE = '''
"""What it asks."""

import numpy as np

RATE = 100.0  # tasks/s


class Asks(Scenario):
    question = "What is it?"


def drive(run):
    """Sends."""
    run.send("load", RATE)
'''


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""What it asks."""', '"""What it asks, said better."""'),
        ('    """Sends."""\n', ""),
        ("  # tasks/s", "  # of all producers"),
        ("import numpy as np", "from numpy import array"),
        ("\n\n\ndef", "\ndef"),
    ],
)
def test_words_and_imports_are_no_work(old: str, new: str) -> None:
    assert old in SOURCE
    assert stripped(SOURCE.replace(old, new)) == stripped(SOURCE)


@pytest.mark.parametrize(
    ("old", "new"),
    [("100.0", "101.0"), ('"load"', '"warmup"'), ("run.send", "run.give"), ("RATE)", "RATE, 1)")],
)
def test_numbers_names_and_calls_are_work(old: str, new: str) -> None:
    assert old in SOURCE
    assert stripped(SOURCE.replace(old, new)) != stripped(SOURCE)


def test_what_a_report_shows_of_a_scenario_is_no_work() -> None:
    question = 'question = "What is it?"'
    assert question in SOURCE
    for shown in ('question = "What takes it?"', 'charts = drawn("drain_rate")'):
        assert stripped(SOURCE.replace(question, shown)) == stripped(SOURCE)
    assert stripped(SOURCE.replace(question, "turns = True")) != stripped(SOURCE)
    assert stripped(SOURCE + "charts = 1\n") != stripped(SOURCE)  # no attribute of a class


Hash = Callable[..., str]


@pytest.fixture
def hash_of(make_trial: MakeTrial, make_arm: Callable[..., Arm]) -> Hash:
    plan = make_trial().plan

    def made(point: Point | None = None, framework: str = "stub", adapter: str = "") -> str:
        arm = replace(make_arm(), framework=framework, adapter=adapter)
        asked = replace(plan, point=point or plan.point)
        return workload_hash(arm, asked)

    return made


def test_a_points_numbers_are_the_work_and_its_capacity_is_not(hash_of: Hash) -> None:
    half = Point(TINY, fraction=0.5, capacity=100.0)
    assert hash_of(half) == hash_of(replace(half, capacity=200.0))
    for other in (
        replace(half, fraction=0.7),
        replace(half, options={"tasks": 3}),
        replace(half, wants={"waiting": 2}),
        replace(half, size=replace(TINY, tasks=TINY.tasks + 1)),
    ):
        assert hash_of(other) != hash_of(half)


def test_pins_surround_the_work_and_are_none_of_it(hash_of: Hash) -> None:
    """A burst drains nothing, so that nobody is pinned whatever was asked."""
    free = Point(TINY, options={"tasks": 3})
    assert hash_of(replace(free, options={"tasks": 3, PINNED: True})) == hash_of(free)


def test_arms_share_the_first_half_and_the_second_is_the_adapters(
    hash_of: Hash, tmp_path: Path
) -> None:
    celery, asynctasq = hash_of(framework="celery"), hash_of(framework="asynctasq")
    assert len(celery) == 2 * HALF
    assert celery[:HALF] == asynctasq[:HALF]
    assert celery[HALF:] != asynctasq[HALF:]
    (tmp_path / "mine.py").write_text(SOURCE)
    assert hash_of(adapter=str(tmp_path / "mine.py"))[HALF:] != hash_of()[HALF:]


@pytest.mark.parametrize("file", ["harness/scenario/gate.py", "harness/scenario/run.py", *WORK])
def test_what_all_trials_do_is_in_the_first_half(
    hash_of: Hash, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    before, syntax = hash_of(), workload.syntax
    monkeypatch.setattr(
        workload, "syntax", lambda path: "changed" if path == ROOT / file else syntax(path)
    )
    assert hash_of()[:HALF] != before[:HALF]
    assert hash_of()[HALF:] == before[HALF:]


def test_a_scenarios_verbs_are_those_that_it_imports() -> None:
    def names(scenario: str) -> set[str]:
        return {path.stem for path in verbs_of(ROOT / "scenarios" / f"{scenario}.py")}

    assert {"run", "gate", "producers", "point", "backlog"} <= names("throughput")
    assert "open_loop" not in names("throughput")
    assert {"run", "open_loop"} <= names("latency")
    assert "backlog" not in names("latency")
    assert not {"scenario", "primary"} & names("latency")


def test_every_module_that_is_hashed_is_there(make_arm: Callable[..., Arm]) -> None:
    for name, scenario in load_scenarios().items():
        paths = [*verbs_of(ROOT / "scenarios" / f"{name}.py"), *map(ROOT.joinpath, scenario.work)]
        assert [path for path in paths if not path.is_file()] == []
    for framework in read_matrix().frameworks:
        assert adapter_of(replace(make_arm(), framework=framework))


def test_an_adapters_statements_are_its_work_and_their_purpose_is_not(
    make_arm: Callable[..., Arm], tmp_path: Path
) -> None:
    names = {path.name for path in adapter_of(replace(make_arm(), framework="raw"))}
    assert {"postgresql.py", "postgresql_claim.sql"} <= names
    written = []
    for number, text in enumerate(("-- Purpose: a.\nSELECT 1;", "-- b.\nSELECT 1;", "SELECT 2;")):
        (path := tmp_path / f"{number}.sql").write_text(text)
        written.append(workload.syntax(path))
    assert written[0] == written[1] != written[2]
