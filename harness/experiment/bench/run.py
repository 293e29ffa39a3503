"""A bench session as a list of steps: plan, say, measure, search, say."""

from harness.cli.console import console
from harness.cli.exits import Exit
from harness.cli.progress import TrialProgress
from harness.experiment.bench.objective import search_rate
from harness.experiment.bench.say import show_plan, summarise
from harness.experiment.bench.session import Session
from harness.experiment.cleanup import guarded


def run_session(session: Session) -> Exit:
    """Carry the session out; what ``summarise`` ends with."""
    show_plan(session)
    with guarded(session.setup.database), TrialProgress(console, session.planned()) as progress:
        session.run(progress)
        if objective_ms := session.plan.searched_ms:
            search_rate(session, session.capacity(), objective_ms, progress)
    return summarise(session)
