"""What is carried out to prove comparisons in turns, piece by piece, the most valuable first.

One run serves several proofs. Four arms are in a block: a framework, the same again, and both once
more with computing planted. All four run in copies of its cell that differ in one number only, the
rounds of what is planted: none in the first two. The pool is solo, a process without pauses, whose
CPU per task is what it computes: children of a prefork pool wait for their parent, and with 2 %
planted in them its CPU per task rose by 1.0 to 1.2 %. Its pairs share no arm, so that they are two
comparisons of equal arms and two of planted ones. With four arms each stands still for three turns,
not for one: what a pair of them shows, two arms alone show at least as well, in half the time. How
long that takes is measured by two arms alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple, Self

from harness.experiment.comparison.comparison import Pair

THROUGHPUT, LATENCY = "throughput", "latency"
EQUAL, PLANTED = (Pair(1, 2), Pair(3, 4)), (Pair(1, 3), Pair(2, 4))  # of four arms
ALONE = (Pair(1, 2),)  # of two
PLANTED_IN = "celery@solo"
PLAIN = f"{PLANTED_IN}+0"  # as much is planted as in the others, and nothing to compute
BLOCKS = 7  # in turns and in sequence, of each group


class Word(NamedTuple):
    """An arm: ``celery``, ``asynctasq==1.4.1``, ``celery@threads``, ``celery+2`` (that much more
    CPU per task is planted, in percent of what one costs in a drain; None: in its own cell).
    """

    framework: str
    version: str
    variant: str
    percent: int | None

    @classmethod
    def of(cls, text: str) -> Self:
        found = re.fullmatch(r"(\w+)(?:==([\d.]+))?(?:@(\w+))?(?:\+(\d+))?", text)
        assert found, text
        framework, version, variant, percent = found.groups(default="")
        return cls(framework, version, variant, int(percent) if percent else None)


class Piece(NamedTuple):
    """``number``: of those of its kind and arms, from 1."""

    kind: str
    arms: tuple[str, ...]
    number: int


@dataclass(frozen=True)
class Kind:
    """``blocks``: of a comparison; 0: a piece is one block in turns, and its arms in sequence.
    ``pieces``: of each group of arms. ``expected_s``: of a piece on two quiet cores.
    ``loaded``: beside one busy core. ``within_s``: in which two arms alone have to come to it.
    """

    name: str
    groups: tuple[tuple[str, ...], ...]
    pieces: int
    expected_s: float
    blocks: int = 0
    scenario: str = THROUGHPUT
    loaded: bool = False
    within_s: float = 0.0

    @property
    def percent(self) -> int:
        """What is planted in its last arm."""
        return Word.of(self.groups[0][-1]).percent or 0


def twice(percent: int) -> tuple[tuple[str, ...], ...]:
    planted = f"{PLANTED_IN}+{percent}"
    return ((PLAIN, PLAIN, planted, planted),)


TWO = Kind("two", twice(2), 5, 345.0, blocks=14)
FIVE = Kind("five", twice(5), 5, 175.0, blocks=7)
TWO_ALONE = Kind("two alone", ((PLAIN, f"{PLANTED_IN}+2"),), 1, 170.0, blocks=14, within_s=300.0)
FIVE_ALONE = Kind("five alone", ((PLAIN, f"{PLANTED_IN}+5"),), 1, 90.0, blocks=7, within_s=120.0)
GROUPS = (
    ("celery", "asynctasq", "celery@threads", PLANTED_IN),
    ("asynctasq==1.4.1", "asynctasq==1.5.0"),
)
BLOCK = Kind("block", GROUPS, BLOCKS, 60.0)
LOADED = Kind(
    "loaded", (("celery", "celery", "asynctasq", "asynctasq"),), BLOCKS, 95.0, loaded=True
)
LATENCY_BLOCK = Kind("latency block", (("celery", "asynctasq"),), BLOCKS, 50.0, scenario=LATENCY)
# At a low load a task costs about twice what it does in a drain.
LATENCY_TWENTY = Kind("latency", twice(20), 5, 220.0, blocks=7, scenario=LATENCY)
KINDS = {
    kind.name: kind
    for kind in (
        TWO_ALONE,
        FIVE_ALONE,
        TWO,
        BLOCK,
        FIVE,
        LOADED,
        LATENCY_BLOCK,
        LATENCY_TWENTY,
    )
}
# Pairs of a block whose ratios are looked at, by places.
PAIRS = {
    GROUPS[0]: ((0, 1), (0, 2), (0, 3)),
    GROUPS[1]: ((0, 1),),
    LOADED.groups[0]: ((0, 1), (2, 3)),
    LATENCY_BLOCK.groups[0]: ((0, 1),),
}


def planned() -> list[Piece]:
    """All pieces; of a kind with several groups each in turn."""
    return [
        Piece(kind.name, arms, number)
        for kind in KINDS.values()
        for number, arms in product(range(1, kind.pieces + 1), kind.groups)
    ]


def older() -> Sequence[tuple[str, str]]:
    """Frameworks and versions of cells that are not the newest."""
    texts = {text for kind in KINDS.values() for arms in kind.groups for text in arms}
    words = map(Word.of, sorted(texts))
    return [(word.framework, word.version) for word in words if word.version]
