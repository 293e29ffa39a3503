"""What a trial is worth: ok, or invalid and why, and what is worth a remark."""

from collections.abc import Mapping, Sequence

from harness.machine import environment
from harness.measure import validity
from harness.measure.crossing import withheld
from harness.measure.laws import broken, starved
from harness.measure.records import Records
from harness.scenario.gate import Proof
from harness.scenario.run import Run
from harness.scenario.scenario import Measures
from harness.scenario.workers import SYSTEMD_STARTS, WITHIN_S
from harness.store.vocabulary import Status
from harness.trial.evidence import evidence_of
from harness.trial.trial import Trial
from infrastructure.counted import counted

CRASH_CHARACTERS = 300


def judge(trial: Trial, run: Run, measures: Measures, phases: Mapping[str, Records]) -> None:
    """Status and reason of a trial that came to its end. ``phases``: all of its records.

    A profiler changes the timing, so timing cannot void its pass.
    """
    kept, unsure = withheld(measures.metrics, trial.clock_bound_ns)
    trial.remarks += unsure
    void: list[str] = []
    (trial.remarks if trial.profiler else void).extend(measures.void)
    void += settings_not_as_asked(trial, run)
    void += laws_broken(trial, run, phases)
    if run.sampler.error:
        void.append(run.sampler.error)
    trial.metrics += kept
    trial.add("worker_crashes", len(run.workers.crashes), "workers")
    trial.remarks += crashed(run.workers.crashes, too_often=run.workers.too_often)
    trial.add("left_in_broker", run.left_in_broker or 0, "tasks")
    if run.left_in_broker:
        left = f"{counted(run.left_in_broker, 'task')} still at the broker after the drain"
        (trial.remarks if trial.plan.scenario.leaves else void).append(left)
    trial.remarks += measures.remarks + environment.flags(trial.environment)
    trial.row.status = Status.INVALID if void else Status.OK
    trial.row.reason = "; ".join(void) or None


def crashed(crashes: Sequence[str], *, too_often: bool) -> list[str]:
    """A sentence about workers that ended by themselves; nothing where none did."""
    if not crashes:
        return []
    given_up = (
        f", more often than the {SYSTEMD_STARTS} times in {WITHIN_S:g} s after which systemd's "
        "defaults leave it ended"
    )
    said = (
        f"{counted(len(crashes), 'time')} a worker ended by its own error and, unless the load was "
        f"over by then, was started again, as a supervisor would{given_up if too_often else ''}, "
        f"the last: {crashes[-1][:CRASH_CHARACTERS]}"
    )
    return [said.replace(";", ",")]  # it parts remarks; MySQL says it of a deadlock


def laws_broken(trial: Trial, run: Run, phases: Mapping[str, Records]) -> list[str]:
    """Laws that no true trial can break, and workers that took no part in the load.

    A queue in virtual time answers by arithmetic: its stamps are not of this machine's clock.
    """
    if trial.setup.arm.options.get("clock") == "virtual":
        return []
    evidence = evidence_of(trial, run, phases)
    found = broken(evidence)
    if not evidence.lived:
        return found
    for worker, share in starved(evidence).items():
        said = f"worker {worker} did {100 * share:.1f} % of a fair share of the backlog"
        (trial.remarks if share else found).append(said)
    return found


def settings_not_as_asked(trial: Trial, run: Run) -> list[str]:
    """What running workers said of themselves, or showed at the gate, and were not asked to be."""
    proofs = telling(run.gate.proofs)
    trial.asked |= {proof.setting: proof.asked for proof in proofs}
    seen = {proof.setting: proof.seen for proof in proofs}
    trial.readings.append({"pid": None, "source": "gate", **seen})
    return validity.settings_differences(trial.asked, trial.readings)


def telling(proofs: Sequence[Proof]) -> list[Proof]:
    """By setting, the last proof that is not as asked, or else the last."""
    ordered = sorted(proofs, key=lambda proof: proof.asked != proof.seen)
    return list({proof.setting: proof for proof in ordered}.values())
