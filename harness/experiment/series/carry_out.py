"""A series as a list of steps: prepare, say, measure, look for steps, look again, judge."""

from collections.abc import Sequence
from contextlib import nullcontext

from harness.cli.exits import Exit
from harness.experiment.cleanup import guarded
from harness.experiment.comparison.comparison import Pair
from harness.experiment.comparison.judging import judge_comparison
from harness.experiment.comparison.measured import read_measured
from harness.experiment.comparison.rows import candidate_rows, store_conclusions, verdict_rows
from harness.experiment.comparison.say import show_verdicts
from harness.experiment.series.pairs import InPairs
from harness.experiment.series.prepare import Series, SeriesRequest, fresh, prepare
from harness.experiment.series.resume import confirming, take_over
from harness.experiment.series.run import name_left_out, run
from harness.experiment.series.say import say_end, show_candidates, show_fresh, show_plan
from harness.experiment.series.steps import StepCandidate, candidates
from harness.store.database import open_database
from harness.store.vocabulary import Purpose


def series(
    asked: SeriesRequest, resume: str | None = None, *, dry_run: bool = False
) -> tuple[str, Exit]:
    """Carry it out; its experiment, and NO_VERDICT where time ended before it did. ``resume``: one
    to go on with.
    """
    found = prepare(asked)
    with open_database(asked.database):
        pass  # refuse an unusable database before anything starts
    with nullcontext() if dry_run else guarded(asked.database):
        done = take_over(found, resume, dry_run=dry_run) if resume else []
        show_plan(found, done)
        if dry_run:
            return found.id, Exit.FINE
        if not resume:
            name_left_out(found)
        whole = run(found, done) and look_again(asked, found)
    say_end(found, whole=whole)
    return found.id, Exit.FINE if whole else Exit.NO_VERDICT


def look_again(asked: SeriesRequest, found: Series) -> bool:
    """New blocks of the neighbours on both sides of every candidate; whether all are judged."""
    begun = confirming(found)
    steps = begun[1] if begun else look_for_steps(found)
    if not steps:
        return True
    again = fresh(asked, found, steps)
    done = take_over(again, begun[0]) if begun else []
    show_fresh(again)
    if not run(again, done):
        return False
    judge(again)
    return True


def look_for_steps(found: Series) -> list[Pair]:
    """The candidates of a series, stored and said; their neighbours."""
    every = candidates(found)
    store_conclusions(found, [], list(candidate_rows(found, every)))
    show_candidates(found, every)
    return pairs_of(every)


def pairs_of(every: Sequence[StepCandidate]) -> list[Pair]:
    return list(dict.fromkeys(Pair(each.before, each.after) for each in every))


def judge(again: InPairs) -> None:
    """Verdicts over the family of all steps and metrics, stored and said."""
    judged = judge_comparison(again, read_measured(again, Purpose.MEASURE))
    store_conclusions(again, list(verdict_rows(again, judged)), [])
    show_verdicts(judged)
