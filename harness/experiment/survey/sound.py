"""A void trial of a survey, or of claims, is run again once; then it stands, with its reason."""

from harness.experiment.comparison.comparison import Comparison
from harness.store.database import open_database
from harness.store.queries import sql
from harness.store.vocabulary import Status
from harness.trial.outcome import Outcome


def void(outcome: Outcome) -> list[str]:
    """Why it gives no figure; empty where it does, or cannot."""
    return [outcome.reason] if outcome.status in {Status.INVALID, Status.FAILED} else []


def take_out(comparison: Comparison, outcome: Outcome, where: str) -> None:
    """Say that it is run again, and take it out of what is measured; its row stays."""
    comparison.console.print(f"[yellow]{where}, is run again:[/] {outcome.reason}", highlight=False)
    with open_database(comparison.database) as connection:
        connection.execute(sql("break_trial"), {"trial": outcome.trial.trial_id})
