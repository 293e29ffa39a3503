"""What a trial is worth: ok, or invalid and why, and what is worth a remark."""

from harness.machine import environment
from harness.measure import validity
from harness.scenario.run import Run
from harness.scenario.scenario import Measures
from harness.store.vocabulary import Status
from harness.trial.trial import Trial


def judge(trial: Trial, run: Run, measures: Measures) -> None:
    """Status and reason of a trial that came to its end.

    A profiler changes the timing, so timing cannot void its pass.
    """
    void: list[str] = []
    (trial.remarks if trial.profiler else void).extend(measures.void)
    void += settings_not_as_asked(trial, run)
    if run.sampler.error:
        void.append(run.sampler.error)
    trial.metrics += measures.metrics
    trial.add("left_in_broker", run.left_in_broker or 0, "tasks")
    if run.left_in_broker:
        trial.remarks.append(f"{run.left_in_broker} task(s) still at the broker after the drain")
    trial.remarks += measures.remarks + environment.flags(trial.environment)
    trial.row.status = Status.INVALID if void else Status.OK
    trial.row.reason = "; ".join(void) or None


def settings_not_as_asked(trial: Trial, run: Run) -> list[str]:
    """What running workers said of themselves, or showed at the gate, and were not asked to be."""
    trial.asked |= {proof.setting: proof.asked for proof in run.gate.proofs}
    seen = {proof.setting: proof.seen for proof in run.gate.proofs}
    trial.readings.append({"pid": None, "source": "gate", **seen})
    return validity.settings_differences(trial.asked, trial.readings)
