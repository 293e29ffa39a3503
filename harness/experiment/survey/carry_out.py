"""A survey as a list of steps: prepare, say, measure, say."""

from contextlib import nullcontext

from harness.cli.exits import Exit
from harness.experiment.cleanup import guarded
from harness.experiment.comparison.measured import answering
from harness.experiment.survey.prepare import SurveyRequest, prepare
from harness.experiment.survey.resume import take_over
from harness.experiment.survey.run import run
from harness.experiment.survey.say import show_plan, summarise
from harness.store.database import open_database


def survey(
    asked: SurveyRequest, resume: str | None = None, *, dry_run: bool = False
) -> tuple[Exit, str]:
    """Carry it out; ``resume``: an experiment to go on with. NO_VERDICT where an arm has no figure
    at a load; and the experiment: empty where nothing was measured.
    """
    found = prepare(asked)
    with open_database(asked.database):
        pass  # refuse an unusable database before anything starts
    with nullcontext() if dry_run else guarded(asked.database):
        there = take_over(found, resume, dry_run=dry_run) if resume else []
        show_plan(found)
        if dry_run:
            return Exit.FINE, ""
        run(found, there)
    return summarise(found), answering(found)
