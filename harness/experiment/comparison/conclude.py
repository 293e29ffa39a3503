"""The end of a comparison: judge, store, say, write, and the exit code."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from harness.cli.console import console
from harness.cli.exits import Exit
from harness.experiment.comparison.comparison import Comparison
from harness.experiment.comparison.files import write_files
from harness.experiment.comparison.judging import judge_comparison
from harness.experiment.comparison.measured import Measured, read_measured
from harness.experiment.comparison.rows import candidate_rows, store_conclusions, verdict_rows
from harness.experiment.comparison.say import (
    likeness_of_turns,
    show_ratios,
    show_verdicts,
    too_few,
)
from harness.experiment.comparison.series import change_candidates
from harness.judge.claims import Kind, Verdict
from harness.store.vocabulary import Purpose
from infrastructure.counted import counted


class FailOn(StrEnum):
    """What a comparison fails on beside an invalid verdict."""

    REGRESSION = "regression"
    INCONCLUSIVE = "inconclusive"


def conclude(comparison: Comparison, out: Path, fail_on: FailOn) -> Exit:
    """Judge, store, show, write the files into ``out``; the exit code."""
    found = read_measured(comparison, Purpose.MEASURE)
    if comparison.describes or len(found.blocks) < comparison.least_blocks:
        return describe_only(comparison, found)
    judged = judge_comparison(comparison, found)
    verdicts = list(verdict_rows(comparison, judged))
    candidates = list(candidate_rows(comparison, change_candidates(comparison, found)))
    store_conclusions(comparison, verdicts, candidates)
    show_verdicts(judged)
    for sentence in likeness_of_turns(comparison, found):
        console.print(f"[dim]{sentence}[/]")
    for row in candidates:
        console.print(row["sentence"])
    written = write_files(comparison, verdicts, candidates, out)
    console.print(f"{' and '.join(map(str, written))} written")
    say_what_was_disturbed(comparison)
    return exit_code([each.verdict for each in judged], fail_on)


def describe_only(comparison: Comparison, found: Measured) -> Exit:
    """Too few blocks for a verdict, or a try."""
    show_ratios(comparison, found)
    for sentence in found.sentences():
        console.print(f"[yellow]{sentence}[/]")
    why = comparison.describes or f"{too_few(comparison, len(found.blocks))}: this only describes."
    console.print(f"[yellow]{why}[/]")
    say_what_was_disturbed(comparison)
    return Exit.NO_VERDICT


def say_what_was_disturbed(comparison: Comparison) -> None:
    for sentence in comparison.redo.said("a load of a block", comparison.typed):
        console.print(f"[bold yellow]{sentence}[/]")
    if comparison.lost:
        times = counted(len(comparison.lost), "time")
        console.print(f"[bold yellow]{times} a machine was lost at work:[/]")
    for sentence in comparison.lost:
        console.print(sentence)


def exit_code(verdicts: Sequence[Verdict], fail_on: FailOn) -> Exit:
    """No regression, a regression established, or no verdict where one is needed."""
    kinds = {v.kind for v in verdicts}
    if kinds & {Kind.SLOWER, Kind.SLOWER_UNCERTAIN}:
        return Exit.FOUND
    undecided = fail_on is FailOn.INCONCLUSIVE and Kind.INCONCLUSIVE in kinds
    return Exit.NO_VERDICT if Kind.INVALID in kinds or undecided else Exit.FINE
