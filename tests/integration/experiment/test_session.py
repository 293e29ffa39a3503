"""The plan of a bench session, and its search for a rate."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from harness.cli.progress import TrialProgress
from harness.experiment.arms import describe_points
from harness.experiment.bench.objective import search_rate
from harness.experiment.bench.plan import BenchPlan, Step
from harness.experiment.bench.say import show_plan
from harness.experiment.bench.session import BenchSession
from harness.experiment.cleanup import guarded
from harness.experiment.expected import GAP_S, Expectations
from harness.experiment.redo import Redo
from harness.scenario.catalogue import load_scenario, load_scenarios
from harness.scenario.point import QUICK
from harness.trial.cell import Arm
from harness.trial.outcome import Outcome
from harness.trial.plan import Setup
from tests.conftest import TINY


def test_a_search_brackets_the_rate_that_holds_the_objective(
    make_setup: Callable[[Arm], Setup],
    make_arm: Callable[..., Arm],
    database: Path,
    query: Callable[[str], list[tuple[Any, ...]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One server of 1 ms in virtual time holds p99 ≤ 5 ms up to about 560 tasks/s. How narrow the
    bracket gets is a matter of arithmetic, and held by its unit tests: here it may be wider.

    M/D/1: P(wait > x) → (1 − load) / (load exp(r) − 1) exp(−r x), with r of load (exp(r) − 1) = r.
    """
    monkeypatch.setattr("harness.judge.search.WIDTH", 0.2)
    setup = make_setup(make_arm(clock="virtual", service_us=1000, processes=1))
    latency = load_scenario("latency")
    session = BenchSession(
        setup, BenchPlan({"latency": latency}, TINY, 1, slo_ms=5.0), redo=Redo(0)
    )
    virtual = {"clock": "virtual", "count": 2000}
    trial = session.trial

    def in_virtual_time(step: Step, progress: TrialProgress) -> Outcome:
        merged = {**step.point.options, **virtual}
        return trial(step._replace(point=replace(step.point, options=merged)), progress)

    monkeypatch.setattr(session, "trial", in_virtual_time)
    with guarded(database), TrialProgress(Console(quiet=True), []) as progress:
        search_rate(session, 1000.0, 5.0, progress)
    votes = query(
        "SELECT r.value, avg(p.value), max(s.value) FROM metric r JOIN metric p USING (trial_id) "
        "JOIN metric s USING (trial_id) WHERE r.name = 'offered_rate' AND p.name = 'slo_passed' "
        "AND s.name = 'slo' GROUP BY 1 ORDER BY 1"
    )
    low = max(rate for rate, share, _ in votes if share > 0.5)
    high = min(rate for rate, share, _ in votes if share < 0.5)
    assert 500 <= low < 600  # 2,000 tasks a trial give p99 to about 5 %
    assert 560 < high < 710
    assert high / low <= 1.2
    assert {slo for _, _, slo in votes} == {5.0}
    assert query("SELECT DISTINCT purpose FROM trial") == [("search",)]


@pytest.mark.parametrize("name", load_scenarios())
def test_every_scenario_can_be_planned_alone(
    name: str, make_arm: Callable[..., Arm], make_setup: Callable[..., Setup]
) -> None:
    scenario, arm = load_scenarios()[name], make_arm()
    setup = make_setup(arm)
    setup.descriptions.update(describe_points(arm, [scenario], QUICK))  # may take what fits a size
    for slo_ms in (None, 200.0):
        plan = BenchPlan({name: scenario}, QUICK, 1, slo_ms=slo_ms)
        planned = plan.planned(Expectations(setup), plan.steps())
        assert all(each.guess_s() > 0 for each in planned)
        assert len(planned) >= len(plan.steps()) >= len(scenario.points(QUICK))


def test_what_cannot_be_had_takes_no_time_in_the_plan(
    make_arm: Callable[..., Arm], make_setup: Callable[..., Setup]
) -> None:
    for name, lacking in (("multi_queue", True), ("throughput", False)):  # the stub has no queues
        plan = BenchPlan({name: load_scenario(name)}, QUICK, 1)
        (planned,) = plan.planned(Expectations(make_setup(make_arm())), plan.steps())
        assert (planned.guess_s() == GAP_S) == lacking


def test_shares_of_a_drain_rate_are_left_out_where_no_backlog_can_be_drained(
    make_arm: Callable[..., Arm],
    make_setup: Callable[..., Setup],
    capsys: pytest.CaptureFixture[str],
) -> None:
    setup = make_setup(make_arm())
    plan = BenchPlan({name: load_scenario(name) for name in ("latency", "cold_start")}, QUICK, 1)
    assert plan.feasible(setup.descriptions) is plan
    (drain,) = [key for key in setup.descriptions if key[0] == "throughput"]
    lacking = replace(setup.descriptions[drain], topology=None, gap="it drains nothing")
    lacks = replace(setup, descriptions={**setup.descriptions, drain: lacking})
    left = plan.feasible(lacks.descriptions)
    assert {step.scenario.name for step in left.steps()} == {"cold_start"}
    show_plan(BenchSession(lacks, replace(left, scenarios={})))
    shown = " ".join(capsys.readouterr().out.split())
    assert "no loads that are shares of a drain rate, since it drains nothing" in shown
