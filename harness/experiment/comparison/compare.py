"""A comparison as a list of steps: prepare, say, measure, conclude, confirm."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from harness.cli.cluster import Cluster
from harness.cli.console import console
from harness.cli.exits import Exit
from harness.experiment.cleanup import guarded
from harness.experiment.comparison.comparison import Comparison
from harness.experiment.comparison.conclude import FailOn, conclude
from harness.experiment.comparison.confirm import again, different_pairs
from harness.experiment.comparison.machines import Machines, this_machine
from harness.experiment.comparison.measured import answering
from harness.experiment.comparison.prepare import ComparisonRequest, prepare
from harness.experiment.comparison.resume import take_over
from harness.experiment.comparison.run import run_on
from harness.experiment.comparison.say import show_plan
from harness.experiment.comparison.sets import core_sets, in_words
from harness.store.database import open_database


@dataclass(frozen=True)
class Course:
    """How a comparison is carried out: ``resume`` an experiment, size it by a ``pilot``,
    ``confirm`` what it found, or only show its plan; on the machines of a ``cluster``, or on this
    one.
    """

    out: Path
    fail_on: FailOn
    resume: str | None = None
    pilot: bool = False
    confirm: bool = False
    dry_run: bool = False
    cluster: Cluster | None = None


def compare(asked: ComparisonRequest, course: Course) -> tuple[Exit, str]:
    """The steps of a comparison; the exit code for CI, and the experiment: empty where nothing was
    measured.
    """
    comparison = prepared(asked, course)
    with open_database(asked.database):
        pass  # refuse an unusable database before anything starts
    if course.resume:
        comparison.experiment.experiment_id = course.resume
    if course.dry_run:
        begin(comparison, course)
        return Exit.FINE, ""
    measure(asked, course, comparison)
    code = conclude(comparison, course.out, course.fail_on)
    if code is Exit.FOUND and course.confirm:
        code = confirm(comparison, asked, course)
    return code, answering(comparison)


def prepared(asked: ComparisonRequest, course: Course) -> Comparison:
    """Of a cluster's machines nobody knows here how many cores they have: arms take turns there."""
    comparison = prepare(asked)
    if course.cluster is None:
        comparison.sets = core_sets(comparison)
    return comparison


def begin(comparison: Comparison, course: Course) -> Collection[int]:
    """Say the plan; the blocks that are there. Raises UsageError where it cannot go on."""
    done: Collection[int] = ()
    if course.resume:
        done = take_over(comparison, course.resume, dry_run=course.dry_run)
    show_plan(comparison)
    if course.cluster is None and (said := in_words(comparison)):
        comparison.console.print(said)
    return done


def measure(asked: ComparisonRequest, course: Course, comparison: Comparison) -> None:
    """What is missing of the plan, where it is to be measured."""
    with guarded(asked.database), machines_for(asked, course, comparison) as machines:
        done = begin(comparison, course)
        run_on(machines, comparison, done, pilot=course.pilot and not done)


def machines_for(
    asked: ComparisonRequest, course: Course, comparison: Comparison
) -> AbstractContextManager[Machines]:
    if course.cluster is None:
        return this_machine(comparison)
    from harness.experiment.cluster.cluster import machines_of  # Dask, which only it takes

    return machines_of(course.cluster, asked, comparison)


def confirm(comparison: Comparison, asked: ComparisonRequest, course: Course) -> Exit:
    """A fresh paired experiment for every step that a series found: the worst exit code of these
    counts.
    """
    codes = [Exit.FINE]
    for number, pair in enumerate(different_pairs(comparison), 1):
        before, after = comparison.name(pair.baseline), comparison.name(pair.candidate)
        console.print(f"confirming {before} → {after}")
        place = course.out / f"confirm-{number}"
        anew = again(asked, pair, comparison.seed + number, place)
        repeated = prepared(anew, course)
        measure(anew, replace(course, resume=None, pilot=False), repeated)
        codes.append(conclude(repeated, place, course.fail_on))
    return max(codes)
