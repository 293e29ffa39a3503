"""What is to be carried out, piece by piece, and what has to come of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import NamedTuple

BLOCKS = 8  # of a comparison of equal arms, and of pairs in turns and in sequence
EQUAL, TWO, FIVE, BLOCK, LOADED = "equal", "two", "five", "block", "loaded"
SAME = [("celery", "celery"), ("asynctasq", "asynctasq")]
PAIRS = [
    ("celery", "asynctasq"),
    ("asynctasq==1.4.1", "asynctasq==1.5.0"),
    ("celery", "celery@threads"),
]


class Piece(NamedTuple):
    """``number``: of a comparison of its kind, or of a block of its pair."""

    kind: str
    arms: tuple[str, str]
    number: int


@dataclass(frozen=True)
class Kind:
    """``expected_s``: what a piece takes on two quiet cores. ``share``: what is planted, of the CPU
    per task. ``within_s``: in which it has to be found.
    """

    what: str
    expected_s: float
    share: float = 0.0
    within_s: float = float("inf")


KINDS = {
    TWO: Kind("2 % planted", 270.0, 0.02, 300.0),
    FIVE: Kind("5 % planted", 125.0, 0.05, 120.0),
    EQUAL: Kind("equal arms", 140.0),
    BLOCK: Kind("in turns and in sequence", 45.0),
    LOADED: Kind("the same beside one busy core", 60.0),
}
COMPARISONS = {TWO: 10, FIVE: 10, EQUAL: 20}


def planned(kinds: Sequence[str] = ()) -> list[Piece]:
    """All pieces of these kinds, of every kind without any; a block of each pair in turn."""
    found = [
        *(Piece(kind, SAME[0], n) for kind in (TWO, FIVE) for n in numbers(COMPARISONS[kind])),
        *(Piece(EQUAL, arms, n) for n, arms in alternating(COMPARISONS[EQUAL])),
        *(Piece(BLOCK, arms, n) for n in numbers(BLOCKS) for arms in (*SAME, *PAIRS)),
        *(Piece(LOADED, arms, n) for n in numbers(BLOCKS) for arms in SAME),
    ]
    return [piece for piece in found if not kinds or piece.kind in kinds]


def numbers(count: int) -> range:
    return range(1, count + 1)


def alternating(count: int) -> list[tuple[int, tuple[str, str]]]:
    """The equal pairs in turn, numbered."""
    return list(enumerate(islice(cycle(SAME), count), 1))
