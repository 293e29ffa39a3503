"""Campaigns of rounds: in each something is struck once, and what went wrong by it is counted."""

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Struck:
    """What came of a round. The blow falls on ``target`` after ``after_s`` and finds it there or
    not (``hit``). ``wrong``: by name, how often there was what must not be.
    """

    target: str
    after_s: float
    hit: bool = False
    wrong: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not self.wrong.total()


def campaign(prog: str, doc: str | None, rounds: int, seed: int) -> argparse.ArgumentParser:
    """With the options that say which rounds are played."""
    parser = argparse.ArgumentParser(prog=prog, description=doc)
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--first", type=int, default=0, help="number of the first round")
    parser.add_argument("--seed", type=int, default=seed)
    return parser


def numbers(options: argparse.Namespace) -> range:
    return range(options.first, options.first + options.rounds)


def exit_code(rounds: Sequence[Struck]) -> int:
    """1 where a round was not clean, or none struck anything."""
    return 0 if all(r.clean for r in rounds) and any(r.hit for r in rounds) else 1
