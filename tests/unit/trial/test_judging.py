"""What voids a trial."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.metrics import Metric
from harness.measure.records import Records
from harness.scenario.catalogue import load_scenario
from harness.scenario.gate import Proof
from harness.scenario.partner import ALONE
from harness.scenario.scenario import Measures
from harness.store.vocabulary import Purpose, Status
from harness.trial.judging import judge
from tasks.records import PHASES
from tasks.spec import Topology
from tests.unit.trial.conftest import MakeTrial

NOTHING = Records(np.zeros(0, SEND_TYPE), np.zeros(0, RUN_TYPE))


def finished_run(**changed: Any) -> Any:
    proofs = [Proof("in_flight", 2, changed.pop("in_flight", 2))]
    gate = SimpleNamespace(proofs=proofs, closed=[], looks=[], marks=(0, 0))
    sampler = SimpleNamespace(error=changed.pop("error", None), depths=[])
    usual = {
        "gate": gate,
        "left_in_broker": 0,
        "workers": SimpleNamespace(
            crashes=changed.pop("crashes", []), too_often=changed.pop("too_often", False)
        ),
        "sampler": sampler,
        "strangers": frozenset(),
        "cores": 2,
        "members": {},
        "turns": {},
        "partner": ALONE,
        "producers": SimpleNamespace(naps={}, calls={}, next_number=lambda _: 0),
        "facts": {},
        "topology": Topology(2, 1, 2, "late"),
        "queues": SimpleNamespace(show_reserved=True),
    }
    return SimpleNamespace(**usual | changed)


def judged(make_trial: MakeTrial, purpose: Purpose = Purpose.MEASURE, **changed: Any) -> Any:
    trial = make_trial(purpose)
    trial.asked = {"prefetch": 2}
    trial.readings = [{"pid": 1, "source": "worker", "prefetch": changed.pop("prefetch", 2)}]
    trial.clock_bound_ns = changed.pop("clock_bound_ns", 0)
    metrics = [Metric("drain_rate", 9.0, "tasks/s"), *changed.pop("metrics", [])]
    measures = Measures(metrics, changed.pop("void", []))
    phases = dict.fromkeys(PHASES, changed.pop("records", NOTHING))
    trial.plan = replace(trial.plan, scenario=changed.pop("scenario", trial.plan.scenario))
    judge(trial, finished_run(**changed), measures, phases)
    return trial


def test_a_trial_without_a_complaint_is_ok(make_trial: MakeTrial) -> None:
    trial = judged(make_trial)
    assert (trial.row.status, trial.row.reason) == (Status.OK, None)
    expected = {"drain_rate": 9.0, "left_in_broker": 0.0, "worker_crashes": 0.0}
    assert trial.outcome().metrics == expected


def test_a_worker_that_crashed_is_counted_and_told_and_voids_nothing(make_trial: MakeTrial) -> None:
    trial = judged(make_trial, crashes=["worker 7: deadlock found; try again"] * 2)
    assert trial.row.status is Status.OK
    assert trial.outcome().metrics["worker_crashes"] == 2
    (said,) = trial.remarks
    assert said.startswith(
        "2 times a worker ended by its own error and, unless the load was over by then, was started"
    )  # which nobody does for one that crashes at the very end
    assert said.endswith("as a supervisor would, the last: worker 7: deadlock found, try again")
    assert "; " not in said, "reports would take it for two remarks"
    assert "systemd" not in said


def test_one_that_crashed_more_often_than_systemd_allows_says_so(make_trial: MakeTrial) -> None:
    (said,) = judged(make_trial, crashes=["it ended"] * 6, too_often=True).remarks
    assert "more often than the 5 times in 10 s after which systemd's defaults leave it" in said


def test_every_complaint_is_a_reason(make_trial: MakeTrial) -> None:
    trial = judged(
        make_trial, void=["lost: 1 of 9 tasks"], prefetch=4, in_flight=3, error="sampling ended"
    )
    assert trial.row.status is Status.INVALID
    assert trial.row.reason == (
        "lost: 1 of 9 tasks; setting prefetch: asked 2, a running worker has 4; "
        "setting in_flight: asked 2, a running worker has 3; sampling ended"
    )


def test_a_profiler_changes_the_timing_so_it_voids_nothing(make_trial: MakeTrial) -> None:
    trial = judged(make_trial, Purpose.MEMRAY, void=["no steady state"])
    assert (trial.row.status, trial.remarks) == (Status.OK, ["no steady state"])


LEFT = "3 tasks still at the broker after the drain"


def test_tasks_that_are_still_at_the_broker_void_the_trial(make_trial: MakeTrial) -> None:
    trial = judged(make_trial, left_in_broker=3)
    assert (trial.row.status, trial.row.reason) == (Status.INVALID, LEFT)


def test_they_are_a_remark_where_a_fault_leaves_them(make_trial: MakeTrial) -> None:
    trial = judged(make_trial, left_in_broker=3, scenario=load_scenario("recovery"))
    assert (trial.row.status, trial.remarks) == (Status.OK, [LEFT])


def test_a_broken_law_voids_the_trial_of_a_profiler_too(make_trial: MakeTrial) -> None:
    ran = np.array([(0, 9, 3, 0, 0, 1)], RUN_TYPE)
    trial = judged(make_trial, Purpose.MEMRAY, records=Records(NOTHING.sends, ran))
    assert trial.row.status is Status.INVALID
    assert "law clock broken" in trial.row.reason


@pytest.mark.parametrize(
    ("share", "crashes", "status", "said"),
    [
        (0.0, [], Status.INVALID, "worker 7 did 0.0 % of a fair share of the backlog"),
        (0.03, [], Status.OK, "worker 7 did 3.0 % of a fair share of the backlog"),
        (0.0, ["it crashed"], Status.OK, ""),  # who came in its place had less time
    ],
)
def test_a_worker_that_took_nothing_voids_and_one_that_took_little_is_remarked_on(
    make_trial: MakeTrial,
    monkeypatch: pytest.MonkeyPatch,
    share: float,
    crashes: list[str],
    status: Status,
    said: str,
) -> None:
    monkeypatch.setattr("harness.trial.judging.starved", lambda _: {7: share})
    trial = judged(make_trial, crashes=crashes)
    assert trial.row.status is status
    told = [trial.row.reason or "", *trial.remarks]
    assert (said in told) if said else not any("fair share" in each for each in told)


@pytest.mark.parametrize(("bound_ns", "kept"), [(50_000, True), (51_000, False)])
def test_a_latency_between_hosts_is_withheld_where_their_clocks_are_not_known_well(
    make_trial: MakeTrial, bound_ns: int, kept: bool
) -> None:
    latency = [Metric("sojourn_p50", 1.0, "ms")]
    trial = judged(make_trial, metrics=latency, clock_bound_ns=bound_ns)
    assert trial.row.status == Status.OK
    assert ("sojourn_p50" in trial.outcome().metrics) is kept
    withheld = "withheld: sojourn_p50. Clocks of two hosts are known to ± 0.051 ms"
    assert any(said.startswith(withheld) for said in trial.remarks) is not kept
