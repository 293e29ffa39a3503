"""What voids a trial."""

from types import SimpleNamespace
from typing import Any

from harness.measure.metrics import Metric
from harness.scenario.gate import Proof
from harness.scenario.scenario import Measures
from harness.store.vocabulary import Purpose, Status
from harness.trial.judging import judge
from tests.unit.trial.conftest import MakeTrial


def finished_run(**changed: Any) -> Any:
    gate = SimpleNamespace(proofs=[Proof("in_flight", 2, changed.pop("in_flight", 2))])
    sampler = SimpleNamespace(error=changed.pop("error", None))
    return SimpleNamespace(**{"gate": gate, "left_in_broker": 0, "sampler": sampler} | changed)


def judged(make_trial: MakeTrial, purpose: Purpose = Purpose.MEASURE, **changed: Any) -> Any:
    trial = make_trial(purpose)
    trial.asked = {"prefetch": 2}
    trial.readings = [{"pid": 1, "source": "worker", "prefetch": changed.pop("prefetch", 2)}]
    measures = Measures([Metric("drain_rate", 9.0, "tasks/s")], changed.pop("void", []))
    judge(trial, finished_run(**changed), measures)
    return trial


def test_a_trial_without_a_complaint_is_ok(make_trial: MakeTrial) -> None:
    trial = judged(make_trial)
    assert (trial.row.status, trial.row.reason) == (Status.OK, None)
    assert trial.outcome().metrics == {"drain_rate": 9.0, "left_in_broker": 0.0}


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


def test_tasks_that_are_still_at_the_broker_are_a_remark(make_trial: MakeTrial) -> None:
    trial = judged(make_trial, left_in_broker=3)
    assert trial.row.status is Status.OK
    assert trial.remarks == ["3 task(s) still at the broker after the drain"]
