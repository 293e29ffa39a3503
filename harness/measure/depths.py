"""Rates at a depth that was held: what an arm completes while so many tasks are in the system."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from harness.measure.records import Records

APART = 0.05  # rates at two depths that differ by less are one rate
LEAST_KEPT = 0.6  # of a depth that is held: below it the producer is too slow for it
LOOKS = 200


class Stretch(NamedTuple):
    """Of a trial, ns."""

    begin: int
    end: int

    @property
    def seconds(self) -> float:
        return (self.end - self.begin) / 1e9


@dataclass(frozen=True)
class HeldRate:
    """What was completed a second at a depth, all in all and in each of its stretches; and how many
    tasks were in the system, in the mean.
    """

    asked: int
    rate: float
    rates: Sequence[float]
    depth: float


def held_rates(records: Records, held: Mapping[int, Sequence[Stretch]]) -> Iterator[HeldRate]:
    """By depth, from the deepest on."""
    acks, ends = np.sort(records.sends["ack"]), np.sort(records.runs["end"])
    for depth in sorted(held, reverse=True):
        stretches = held[depth]
        counts = [int(np.diff(np.searchsorted(ends, stretch))[0]) for stretch in stretches]
        looks = np.concatenate([np.linspace(*stretch, LOOKS) for stretch in stretches])
        inside = np.searchsorted(acks, looks) - np.searchsorted(ends, looks)
        yield HeldRate(
            depth,
            sum(counts) / sum(stretch.seconds for stretch in stretches),
            [n / stretch.seconds for n, stretch in zip(counts, stretches, strict=True)],
            float(np.mean(inside)),
        )


def apart(deep: HeldRate, shallow: HeldRate) -> float:
    """How the rate changes from the deeper to the shallower queue: their ratio, or 1 where it is
    one rate.

    Both depths were held in turns. Every stretch of one has to be beyond every stretch of the
    other, which comes up by chance in one of ten (three stretches each), and the means have to
    differ by ``APART``.
    """
    if not deep.rate or not shallow.rate:  # nothing ended there: a queue in virtual time
        return 1.0
    ratio = shallow.rate / deep.rate
    low, high = (deep, shallow) if ratio > 1 else (shallow, deep)
    beyond = max(low.rates) < min(high.rates) and max(ratio, 1 / ratio) > 1 + APART
    return ratio if beyond else 1.0
