"""What a kill of the workers costs each arm: waits of minutes, so that all arms wait at once."""

from collections.abc import Collection, Sequence

from harness.cli.progress import TrialProgress
from harness.experiment.survey.crowd import Crowd
from harness.experiment.survey.sound import take_out, void
from harness.experiment.survey.survey import STAGGER_S, Survey
from harness.experiment.watched import outcome_line
from harness.scenario.catalogue import KILLED
from harness.trial.duet import play
from harness.trial.outcome import Outcome
from harness.trial.plan import TrialPlan
from harness.trial.steps import run_trial
from infrastructure.counted import counted


def kill_all(survey: Survey, done: Collection[int], progress: TrialProgress) -> None:
    """A trial of each arm but those ``done``, by number; void ones once more, again at once."""
    left = [n for n, setup in enumerate(survey.setups) if setup.number not in done]
    for last in (False, True):
        if not left:
            return
        outcomes = kill_at_once(survey, left, progress)
        found = [n for n, outcome in zip(left, outcomes, strict=True) if void(outcome)]
        if found and not last:
            for outcome in filter(void, outcomes):
                take_out(survey, outcome, f"killed, {survey.name(outcome.trial.arm_number)}")
            progress.expect([survey.planned_kill()])
        left = found


def kill_at_once(survey: Survey, arms: Sequence[int], progress: TrialProgress) -> list[Outcome]:
    """What came of these arms, by place."""
    crowd = Crowd(len(arms))
    plans = [survey.plan(survey.killed, survey.killed_point) for _ in arms]
    outcomes: dict[int, Outcome] = {}

    def one(place: int) -> None:
        if crowd.stopped.wait(STAGGER_S * place):
            raise KeyboardInterrupt
        setup = survey.setups[arms[place]]
        outcomes[place] = run_trial(setup, plans[place], crowd.neighbours[place])

    progress.begin(f"killed · {len(arms)} arms at once", KILLED)
    play(crowd, [lambda place=place: one(place) for place in range(len(arms))])  # type: ignore[misc]
    found = [outcomes[place] for place in range(len(arms))]
    progress.end("\n  ".join(line(survey, *each) for each in zip(arms, plans, found, strict=True)))
    return found


def line(survey: Survey, arm: int, plan: TrialPlan, outcome: Outcome) -> str:
    """What a kill cost an arm."""
    said = f"{survey.names[arm]}: {outcome_line(plan, outcome)}"
    at_work = outcome.metrics.get("at_work")
    return said if at_work is None else f"{said}, of {counted(round(at_work), 'task')} at work"
