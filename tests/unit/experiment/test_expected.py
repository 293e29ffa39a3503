"""How long an arm's trials will take: over a simulated clock, and by what the database holds."""

import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from harness.cli.progress import TrialProgress
from harness.experiment.bench.plan import BenchPlan, Step
from harness.experiment.expected import GAP_S, Expectations, kind_of
from harness.scenario.catalogue import load_scenario, usual_scenarios
from harness.scenario.point import FULL, QUICK, USUAL_RATE, Point, Size
from harness.store.vocabulary import Purpose, Status
from harness.trial.cell import Arm, wanted
from harness.trial.plan import Setup
from tests.rows import EXPERIMENT
from tests.unit.experiment.comparison.made import STUB, Played, row_of, store

THROUGHPUT = load_scenario("throughput")


def made_setup(database: Path, scenarios: Sequence[Any], size: Size) -> Setup:
    arm = Arm("stub", "1.0", "3.12", sys.executable, STUB, "matched")
    points = [(s.name, point) for s in scenarios for point in (*s.points(size), Point(size))]
    described: Any = {wanted(name, point.wants): SimpleNamespace(gap="") for name, point in points}
    experiment = replace(EXPERIMENT, size=size.name)
    return Setup(database, experiment, arm, described, database.parent)


def true_s(step: Step, rate: float, chance: random.Random) -> float:
    """What a trial takes an arm of this rate: scenarios take up to a quarter more or less than is
    thought, and trials a tenth.
    """
    own = random.Random(step.scenario.name + step.point.label).uniform(0.8, 1.25)
    point = replace(step.point.offered(rate), known_rate=rate)
    return step.scenario.expected_s(point) * own * chance.uniform(0.9, 1.1)


@pytest.mark.parametrize("rate", [30.0, 300.0, 3000.0])
@pytest.mark.parametrize("size", [QUICK, FULL], ids=lambda size: size.name)
@pytest.mark.parametrize(
    "names", [("throughput",), ("throughput", "latency"), tuple(usual_scenarios())], ids=len
)
def test_from_the_second_trial_on_the_promise_is_within_a_factor_of_one_and_a_half(
    database: Path, rate: float, size: Size, names: tuple[str, ...]
) -> None:
    scenarios = {name: load_scenario(name) for name in ("throughput", *names)}
    plan, chance, clock = BenchPlan(scenarios, size), random.Random(7), SimpleNamespace(s=0.0)
    expected = Expectations(made_setup(database, list(scenarios.values()), size))
    steps = plan.steps()
    assert steps[0].scenario is scenarios["throughput"]
    progress = TrialProgress(
        Console(quiet=True), plan.planned(expected, plan.steps()), lambda: clock.s
    )
    promised = []
    for step in steps:
        progress.begin("", kind_of(1, step.scenario, step.point, step.purpose))
        promised.append(clock.s + progress.left())
        clock.s += true_s(step, rate, chance)
        progress.end("")
        trial = SimpleNamespace(scenario=step.scenario.name)
        outcome: Any = SimpleNamespace(
            trial=trial, status=Status.OK, metrics={"drain_rate": rate * chance.uniform(0.9, 1.1)}
        )
        expected.learn(outcome)
    assert all(clock.s / 1.5 <= each <= clock.s * 1.5 for each in promised[1:])


def stored(setup: Setup, number: int, duration_s: float, rate: float, **changed: Any) -> None:
    plan: Any = SimpleNamespace(
        trial_id=f"t-{number}",
        block=1,
        position=number,
        scenario=changed.pop("scenario", THROUGHPUT),
        point=Point(QUICK),
        purpose=changed.pop("purpose", Purpose.MEASURE),
    )
    row = row_of(setup, plan, Played(rate))
    arm = {"framework": "stub", "broker": setup.arm.broker.label, "topology_profile": "matched"}
    row |= arm | {"variant": "", "duration_s": duration_s} | changed
    store(setup.database, setup.experiment, [row], {"drain_rate": rate})


def test_what_is_stored_of_the_arm_on_the_broker_is_promised_from_the_start(database: Path) -> None:
    setup = made_setup(database, [THROUGHPUT, load_scenario("multi_queue")], QUICK)
    before = Expectations(setup)
    assert not before.known
    assert before.planned(THROUGHPUT, Point(QUICK)).guess_s() == pytest.approx(
        THROUGHPUT.expected_s(replace(Point(QUICK), known_rate=USUAL_RATE))
    )
    for number, took in enumerate((390.0, 400.0, 410.0)):
        stored(setup, number, took, rate=10.0)
    stored(setup, 4, 9.0, 999.0, status=Status.FAILED, reason="it died")
    stored(setup, 5, 9.0, 999.0, broker="another")
    stored(setup, 6, 9.0, 999.0, purpose=Purpose.BROKEN)
    stored(setup, 7, 50.0, 999.0, purpose=Purpose.PY_SPY)
    known = Expectations(setup)
    assert known.known
    assert known.stored.rate == 10.0
    assert known.planned(THROUGHPUT, Point(QUICK)).guess_s() == 400.0
    assert known.planned(THROUGHPUT, Point(QUICK), Purpose.PY_SPY).guess_s() == 50.0
    queues = load_scenario("multi_queue")
    (point,) = queues.points(QUICK)
    slow = queues.expected_s(replace(point, known_rate=10.0))
    assert known.planned(queues, point).guess_s() == slow > 2 * queues.expected_s(point)


def test_what_cannot_be_had_takes_no_time(database: Path) -> None:
    setup = made_setup(database, [THROUGHPUT], QUICK)
    lacking: Any = SimpleNamespace(gap="it drains nothing")
    setup.descriptions[wanted("throughput", {})] = lacking
    assert Expectations(setup).planned(THROUGHPUT, Point(QUICK)).guess_s() == GAP_S
