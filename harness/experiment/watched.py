"""A trial as a session carries it out: said as it begins and as it ends."""

from harness.cli.numbers import figure, in_words
from harness.cli.progress import TrialProgress
from harness.experiment.expected import kind_of
from harness.store.vocabulary import Purpose, Status
from harness.trial.outcome import Outcome
from harness.trial.plan import Setup, TrialPlan
from harness.trial.profilers.tools import PROFILERS
from harness.trial.steps import run_trial

MARKS = {
    Status.OK: "[green]ok[/]",
    Status.INVALID: "[yellow]invalid[/]",
    Status.FAILED: "[red]failed[/]",
    Status.GAP: "[cyan]cannot[/]",
}


def watched(setup: Setup, plan: TrialPlan, progress: TrialProgress, where: str = "") -> Outcome:
    """Carry a trial out, said as it begins and ends."""
    kind = kind_of(setup.number, plan.scenario, plan.point, plan.purpose)
    progress.begin(where + label(plan), kind)
    setup.watch.begin(setup, plan, progress)
    outcome = run_trial(setup, plan)
    setup.watch.end(outcome.status)
    progress.end(outcome_line(plan, outcome))
    return outcome


def label(plan: TrialPlan) -> str:
    """What it is, with what an open loop offers."""
    purpose = "" if plan.purpose is Purpose.MEASURE else plan.purpose
    offers = plan.point.fraction is not None and plan.point.capacity is not None
    rate = f"({plan.point.rate:,.0f}/s)" if offers else ""
    parts = [plan.scenario.name, plan.point.label, rate, purpose]
    return " ".join(p for p in parts if p)


def outcome_line(plan: TrialPlan, outcome: Outcome) -> str:
    """One line for a finished trial: status, and those of its primary metrics that it has."""
    names = [name for name in plan.scenario.primary_names if name in outcome.metrics]
    shown = ", ".join(f"{in_words(name)} {shown_of(outcome, name)}" for name in names)
    if plan.purpose in PROFILERS:
        shown = "profiled, gives no timings"
    why = f" — {outcome.reason}" if outcome.reason else ""
    return f"{MARKS[outcome.status]} {label(plan)}{shown and f': {shown}'}{why}"


def shown_of(outcome: Outcome, name: str) -> str:
    """``7,851 tasks/s``."""
    return figure(outcome.metrics[name], outcome.units.get(name, ""))
