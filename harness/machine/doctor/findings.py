"""Findings of the doctor: a topic is a function that returns them, each a line of its table.

What cannot be read is said to be unreadable, never guessed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from harness.cli.matrix import Matrix
from harness.machine.reading import UNREADABLE


class Mark(StrEnum):
    OK = "ok"
    WARNING = "warning"
    MISSING = "missing"
    ABSENT = "–"  # nothing is wrong: another one does the same


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, what was found, and what to do or what it means."""

    mark: Mark
    item: str
    found: str
    advice: str = ""


Topic = Callable[[Matrix], list[Finding]]


def ok(item: str, found: str, advice: str = "") -> Finding:
    return Finding(Mark.OK, item, found, advice)


def warning(item: str, found: str, advice: str) -> Finding:
    return Finding(Mark.WARNING, item, found, advice)


def missing(item: str, found: str, advice: str) -> Finding:
    return Finding(Mark.MISSING, item, found, advice)


def absent(item: str, found: str, advice: str) -> Finding:
    return Finding(Mark.ABSENT, item, found, advice)


def first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def readable(item: str, found: str, advice: str) -> Finding:
    return warning(item, found, advice) if found == UNREADABLE else ok(item, found)


def gib(count: int) -> str:
    return f"{count / 2**30:.1f} GiB"
