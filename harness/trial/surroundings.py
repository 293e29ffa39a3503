"""What happens around a trial: the machine before it, and what else took its CPU meanwhile."""

from collections.abc import Mapping

import psutil

from harness.machine import environment
from harness.measure.sampler import Usage
from harness.scenario.run import Run
from harness.trial.outside import outside
from harness.trial.plan import TrialPlan
from harness.trial.trial import Trial
from infrastructure.processes.child import reaped_cpu_s

UNPINNED = "workers were where the kernel placed them: there are more of them than cores"


class MachineMeanwhile:
    """Counters of our cores and of this process, from when it was made."""

    def __init__(self) -> None:
        self._machine = environment.Surroundings()
        self._own_s = own_cpu_s()
        self.reaped_s = reaped_cpu_s()

    def since(self, usages: Mapping[str, Usage], others_s: float) -> dict[str, str]:
        """What happened since then beside the trial's processes (``usages``), others of ours, such
        as those of the arms that it takes turns with (``others_s``, CPU seconds), and this one.
        """
        trees_s = sum(usage.cpu_s for usage in usages.values()) + others_s
        return self._machine.since(trees_s + own_cpu_s() - self._own_s)


def own_cpu_s() -> float:
    times = psutil.Process().cpu_times()
    return float(times.user + times.system)


def hash_seed(plan: TrialPlan) -> int:
    """PYTHONHASHSEED of the trial's processes, from the trial's seed."""
    return plan.seed % 2**32


def note_surroundings(trial: Trial) -> MachineMeanwhile:
    """Wait until the machine is idle, and note what it is and how fast."""
    trial.environment = trial.setup.machine | trial.description.build
    trial.environment |= trial.setup.arm.surroundings
    trial.environment["hash_seed"] = str(hash_seed(trial.plan))
    gate_s = trial.plan.point.size.idle_gate_s
    trial.environment |= trial.partner.together(
        lambda: environment.wait_idle(gate_s) | environment.calibrate()
    )
    return MachineMeanwhile()


def note_load(trial: Trial, run: Run, machine: MachineMeanwhile) -> None:
    """What the machine did during the load, who else was there of the trial, and how long its
    phases took.
    """
    trial.outside = outside(trial.folder)
    trial.environment["producer_real_time"] = run.producers.real_time
    trial.environment["workers_pinned"] = "yes" if run.pinned else "no"
    if run.pinned is not None:
        trial.add("workers_pinned", run.pinned, "processes")
        trial.remarks += [] if run.pinned else [UNPINNED]
    prepared_s = max(0.0, trial.reaped_s - machine.reaped_s)
    others_s = trial.partner.others_cpu_s() + prepared_s + run.cell.cpu_s
    trial.environment |= machine.since(run.sampler.look(), others_s)
    seconds = (run.marks["ready"] - run.marks["started"]) / 1e9
    trial.add("start_to_ready", seconds, "s")
    if "drained" in run.marks:
        seconds = (run.marks["drained"] - run.marks["ready"]) / 1e9
        trial.add("ready_to_drained", seconds, "s")
