"""How many workers a load takes, and how much load so many workers hold (Theodolite's metrics).

Henning and Hasselbring, Theodolite: Scalability Benchmarking of Distributed Stream Processing
Engines in Microservice Architectures, Big Data Research 25, 2021, section 4: the demand of a load
is the least resource with which all objectives hold, the capacity of a resource the highest load.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Held(NamedTuple):
    """Whether a trial held its objectives: at ``rate`` tasks/s, with so many workers."""

    workers: int
    rate: float
    held: bool


class Demand(NamedTuple):
    """``workers`` that hold ``rate``; None where none of those tried do."""

    rate: float
    workers: int | None


class Capacity(NamedTuple):
    """``rate`` that ``workers`` hold; None where they hold none of those tried."""

    workers: int
    rate: float | None


def by_majority(trials: Iterable[Held]) -> dict[tuple[int, float], bool]:
    """What most trials of each pair of workers and rate say; a tie is not held."""
    votes = defaultdict[tuple[int, float], list[bool]](list)
    for trial in trials:
        votes[trial.workers, trial.rate].append(trial.held)
    return {pair: 2 * sum(found) > len(found) for pair, found in votes.items()}


def demands(trials: Sequence[Held]) -> list[Demand]:
    """By rate: the least of the workers from which on all those tried hold it."""
    held, found = by_majority(trials), []
    for rate in sorted({rate for _, rate in held}):
        enough = None
        for workers in sorted((w for w, r in held if r == rate), reverse=True):
            if not held[workers, rate]:
                break
            enough = workers
        found.append(Demand(rate, enough))
    return found


def capacities(trials: Sequence[Held]) -> list[Capacity]:
    """By workers: the highest of the rates up to which they hold all those tried."""
    held, found = by_majority(trials), []
    for workers in sorted({workers for workers, _ in held}):
        most = None
        for rate in sorted(r for w, r in held if w == workers):
            if not held[workers, rate]:
                break
            most = rate
        found.append(Capacity(workers, most))
    return found


def words(trials: Sequence[Held]) -> str:
    """Both metrics in a sentence."""
    taken = [
        f"{d.rate:,.0f} tasks/s " + (f"take {d.workers}" if d.workers else "more than were tried")
        for d in demands(trials)
    ]
    given = [
        f"{c.workers} " + (f"hold {c.rate:,.0f}" if c.rate else "hold none of the loads")
        for c in capacities(trials)
    ]
    return f"demand in workers: {', '.join(taken)}; capacity in tasks/s: {', '.join(given)}"
