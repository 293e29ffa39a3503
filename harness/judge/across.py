"""Ratios of two stored experiments, where METHOD 8 allows one: a description, never a verdict.

They ran one after the other, so whatever drifted in between is in the ratio.
"""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from harness.judge.effect import cliffs_delta, hedges_g
from harness.scenario.catalogue import Load, load_scenarios
from infrastructure.errors import UsageError


@dataclass(frozen=True)
class Stored:
    """One arm of a stored experiment: values by load and metric."""

    experiment: str
    number: int
    label: str
    values: dict[tuple[str, str, str], list[float]]

    @property
    def framework(self) -> str:
        return self.label.split()[0]

    def loads(self) -> list[Load]:
        return list(dict.fromkeys((scenario, point) for scenario, point, _ in self.values))


def matched(ones: list[Stored], others: list[Stored]) -> list[tuple[Stored, Stored]]:
    """Arms of the same name, or the only arm of each. Raises UsageError when there is no pair."""
    if len(ones) == len(others) == 1:
        return [(ones[0], others[0])]
    pairs = [(a, b) for a in ones for b in others if a.label == b.label]
    if not pairs:
        have = " and ".join(", ".join(arm.label for arm in arms) for arms in (ones, others))
        raise UsageError(f"--across: the experiments share no arm; they have {have}")
    return pairs


def factors(one: Stored, other: Stored, declared: Sequence[str]) -> list[str]:
    """What may differ: what was declared, and how a framework is told where there are two."""
    return [*declared, *(["framework"] if one.framework != other.framework else [])]


class Ratio(NamedTuple):
    """Of a primary metric: other over one, with effect sizes; ``none``: why there is none."""

    metric: str
    none: str = ""
    medians: float = 0.0
    trials: tuple[int, int] = (0, 0)
    delta: float = 0.0
    g: float | None = None  # of more than one trial each


def ratios(one: Stored, other: Stored, load: Load) -> Iterator[Ratio]:
    """Of every primary metric at a load that both have."""
    known = load_scenarios().get(load[0])
    theirs = sorted({metric for *found, metric in one.values if tuple(found) == load})
    for metric in known.primary_names if known else theirs:  # a user's scenario is not here
        a, b = one.values.get((*load, metric), []), other.values.get((*load, metric), [])
        if not a or not b:
            yield Ratio(metric, f"not measured in {(one if not a else other).experiment}")
        elif min(*a, *b) <= 0:
            yield Ratio(metric, "a trial has 0")
        else:
            yield ratio(metric, a, b)


def ratio(metric: str, a: Sequence[float], b: Sequence[float]) -> Ratio:
    medians = statistics.median(b) / statistics.median(a)
    g = hedges_g(a, b) if min(len(a), len(b)) > 1 else None
    return Ratio(metric, "", medians, (len(b), len(a)), cliffs_delta(a, b), g)
