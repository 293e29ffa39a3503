"""Claims as a list of steps: prepare, say, measure."""

from contextlib import nullcontext

from harness.experiment.claims.claims import Claims
from harness.experiment.claims.prepare import ClaimsRequest, prepare
from harness.experiment.claims.resume import take_over
from harness.experiment.claims.run import run
from harness.experiment.claims.say import show_plan
from harness.experiment.cleanup import guarded
from harness.store.database import open_database


def measure(asked: ClaimsRequest, resume: str | None = None, *, dry_run: bool = False) -> Claims:
    """Carry it out, or only show its plan; ``resume``: an experiment to go on with."""
    claims = prepare(asked)
    with open_database(asked.database):
        pass  # refuse an unusable database before anything starts
    with nullcontext() if dry_run else guarded(asked.database):
        done = take_over(claims, resume, dry_run=dry_run) if resume else set()
        show_plan(claims)
        if not dry_run:
            run(claims, done)
    for sentence in claims.redo.said("a trial", claims.typed):
        claims.console.print(f"[bold yellow]{sentence}[/]", highlight=False)
    return claims
