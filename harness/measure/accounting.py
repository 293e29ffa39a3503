"""Accounting: what became of every issued task, exactly.

issued = completed once + duplicated + lost + failed + refused and never executed. A count is not
enough, since a duplicate hides a loss: everything here goes by sequence number.
"""

import textwrap
from bisect import bisect
from dataclasses import dataclass

import numpy as np

from harness.measure.layouts import Array
from harness.measure.records import Records
from tasks.records import OK as OK  # noqa: PLC0414  scenarios have it from here

REFUSAL_CHARACTERS = 200  # some errors quote the whole payload


@dataclass(frozen=True)
class Account:
    """Tasks by fate. ``unknown``: executed but never issued. ``refused``: the send call raised; one
    that was executed all the same is counted under its fate too, one that was not is not lost:
    nobody said that the broker had it. ``inversions``: pairs of tasks that started in the opposite
    order of their numbers. ``refusal``: what a refused send said.
    """

    issued: int
    completed_once: int
    duplicated: int
    lost: int
    failed: int
    unknown: int
    refused: int
    inversions: int
    refusal: str = ""

    def complaints(self) -> list[str]:
        """Why this account withholds a verdict, one sentence each; empty when all is well."""
        fates = ("lost", "duplicated", "failed", "unknown", "refused")
        counts = {name: getattr(self, name) for name in fates}
        found = [f"{name}: {n} of {self.issued} tasks" for name, n in counts.items() if n]
        if self.refused and self.refusal:
            found[-1] += f" ({textwrap.shorten(self.refusal, REFUSAL_CHARACTERS)})"
        return found


def account(records: Records) -> Account:
    """The fate of every task of a phase."""
    issued = np.unique(records.sends["seq"])
    runs = records.runs
    successes, counts = np.unique(runs["seq"][runs["outcome"] == OK], return_counts=True)
    attempted = np.unique(runs["seq"])
    ours = np.isin(successes, issued)
    failed = np.setdiff1d(attempted, successes)
    raised = records.sends["seq"][records.sends["outcome"] != OK]
    never = np.setdiff1d(issued, attempted)
    result = Account(
        issued=len(issued),
        completed_once=int(np.sum(counts[ours] == 1)),
        duplicated=int(np.sum(counts[ours] > 1)),
        lost=len(np.setdiff1d(never, raised)),
        failed=len(np.intersect1d(failed, issued)),
        unknown=len(np.setdiff1d(attempted, issued)),
        refused=len(raised),
        inversions=count_inversions(runs["seq"][np.argsort(runs["start"], kind="stable")]),
        refusal=records.refusal,
    )
    fates = result.completed_once + result.duplicated + result.lost + result.failed
    if fates + len(np.intersect1d(never, raised)) != result.issued:
        raise ArithmeticError(f"accounting does not add up: {result}")
    return result


def count_inversions(sequence: Array) -> int:
    """Pairs (i, j), i before j, with sequence[i] > sequence[j].

    By insertion into a sorted list: nearly ordered input, as here, inserts near the end.
    """
    seen: list[int] = []
    inversions = 0
    for number in sequence.tolist():
        place = bisect(seen, number)
        inversions += len(seen) - place
        seen.insert(place, number)
    return inversions
