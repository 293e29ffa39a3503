"""The life of one trial, from a fresh broker to a stored row."""

import numpy as np

from harness.measure.records import Records
from harness.scenario.partner import ALONE, Partner
from harness.scenario.run import Run
from harness.trial.ending import stored
from harness.trial.judging import judge
from harness.trial.outcome import Outcome
from harness.trial.plan import Setup, TrialPlan
from harness.trial.start import started
from harness.trial.stopping import stop
from harness.trial.surroundings import note_load, note_surroundings
from harness.trial.trial import Trial
from infrastructure.errors import Gap


def run_trial(setup: Setup, plan: TrialPlan, partner: Partner = ALONE) -> Outcome:
    """Carry a trial out and store it, alone or in step with the other arms of its block.

    Whatever happens, it leaves a row. Only KeyboardInterrupt, a given server that is refused
    (UsageError) and errors of storing come out of it.
    """
    trial = Trial.begin(setup, plan, partner)
    with stored(trial):
        refuse_gap(trial)
        machine = note_surroundings(trial)
        partner.meet("the surroundings were noted")
        with started(trial) as run:
            run.ready(proved=plan.scenario.proved)
            plan.scenario.drive(run, plan.point, np.random.default_rng(plan.seed))
            wait_for_late(run, plan.point.size.late_s, partner)
            note_load(trial, run, machine)
            stop(trial, run)
        read_profile(trial)
        phases = Records.phases(trial.folder.records)
        judge(trial, run, plan.scenario.measure(run, plan.point, phases["load"]), phases)
    return trial.outcome()


def wait_for_late(run: Run, late_s: float, partner: Partner) -> None:
    """Once all arms of the block have done their load, for what comes late of this one. So the arm
    that was done first is ended and stored while the others still wait.
    """
    partner.meet("the load was done")
    run.look_again(late_s)
    partner.check()  # the last to notice that the session was stopped meanwhile


def refuse_gap(trial: Trial) -> None:
    """Raises Gap where the framework cannot do what the scenario takes: nothing is started."""
    if gap := trial.description.gap:
        raise Gap(gap)


def read_profile(trial: Trial) -> None:
    """What a profiler saw, of a pass; the workers have ended."""
    if trial.profiler:
        trial.passes = trial.profiler.collect()
