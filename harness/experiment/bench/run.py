"""A bench session as a list of steps: plan, say, measure, search, say."""

from harness.cli.console import console
from harness.cli.exits import Exit
from harness.cli.progress import TrialProgress
from harness.experiment.bench.objective import search_rate
from harness.experiment.bench.resume import take_over
from harness.experiment.bench.say import show_plan, summarise
from harness.experiment.bench.session import BenchSession
from harness.experiment.cleanup import guarded


def run_session(session: BenchSession, resume: str | None = None) -> Exit:
    """Carry the session out; what ``summarise`` ends with. ``resume``: a bench to go on with."""
    with guarded(session.setup.database):
        if resume:
            take_over(session, resume)
        show_plan(session)
        with TrialProgress(console, session.planned()) as progress:
            session.run(progress)
            if objective_ms := session.plan.searched_ms:
                search_rate(session, session.capacity(), objective_ms, progress)
    return summarise(session)
