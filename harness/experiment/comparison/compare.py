"""A comparison as a list of steps: prepare, say, measure, conclude, confirm."""

from dataclasses import dataclass
from pathlib import Path

from harness.cli.exits import Exit
from harness.experiment.cleanup import guarded
from harness.experiment.comparison.conclude import FailOn, conclude
from harness.experiment.comparison.confirm import confirm
from harness.experiment.comparison.prepare import Asked, prepare
from harness.experiment.comparison.resume import take_over
from harness.experiment.comparison.run import run
from harness.experiment.comparison.say import show_plan
from harness.store.database import open_database


@dataclass(frozen=True)
class Course:
    """How a comparison is carried out: ``resume`` an experiment, size it by a ``pilot``,
    ``confirm`` what it found, or only show its plan.
    """

    out: Path
    fail_on: FailOn
    resume: str | None = None
    pilot: bool = False
    confirm: bool = False
    dry_run: bool = False


def compare(asked: Asked, course: Course) -> int:
    """The steps of a comparison; the exit code for CI."""
    comparison = prepare(asked)
    with open_database(asked.database):
        pass  # refuse an unusable database before anything starts
    done = take_over(comparison, course.resume) if course.resume else []
    show_plan(comparison)
    if course.dry_run:
        return Exit.FINE
    with guarded(asked.database):
        run(comparison, done, pilot=course.pilot and not done)
    code = conclude(comparison, course.out, course.fail_on)
    if code is Exit.FOUND and course.confirm:
        return confirm(comparison, asked, course.out, course.fail_on)
    return code
