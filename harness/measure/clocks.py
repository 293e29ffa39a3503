"""The monotonic clock of another host: its offset and drift, and how well they are known.

A ping stamps the clock here when it leaves (``sent``) and when its answer is back (``back``); the
other host stamps its own in between (``there``). Whatever the two ways took, ``there`` lies between
what that clock showed at ``sent`` and at ``back`` (Cristian, Probabilistic Clock Synchronization,
1989). A clock that drifts evenly is a straight line, so every ping leaves a half plane of lines at
each of its two ends, and what is left of all of them is a polygon (Zhang, Liu and Xia, Clock
Synchronization Algorithms for Network Measurements, INFOCOM 2002). The estimate is in its middle;
the bound, half of its width, holds however unlike the two ways are, and is about half of the least
round trip.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import optimize

from harness.measure.layouts import Array
from infrastructure.counted import counted
from infrastructure.errors import TrialFailed

# Crystals are off by less than 100 ppm, and Linux slews a clock by at most 500 (adjtimex(2)).
MOST_DRIFT = 1e-3
LEAST_PINGS = 10


class Ping(NamedTuple):
    """Stamps in ns: of the clock here, of the other, and of the one here again."""

    sent: int
    there: int
    back: int


@dataclass(frozen=True)
class Clock:
    """The other clock shows ``offset_ns`` more than the one here when this one shows ``at_ns``, and
    ``drift`` seconds more for every second that passes; known to ± ``bound_ns`` in the stretch that
    it was estimated for.
    """

    at_ns: int
    offset_ns: int
    drift: float
    bound_ns: int

    def there(self, here_ns: int) -> int:
        """What the other clock shows when the one here shows this."""
        passed = here_ns - self.at_ns
        return here_ns + self.offset_ns + round(passed * self.drift)

    def here(self, there_ns: Array) -> Array:
        """Stamps of the other clock (int64, ns) as the one here would have made them."""
        passed = there_ns - np.int64(self.at_ns + self.offset_ns)  # as the other counts it
        gained = np.round(passed * (self.drift / (1 + self.drift))).astype(np.int64)
        found: Array = self.at_ns + passed - gained
        return found

    @property
    def words(self) -> str:
        return (
            f"{self.offset_ns / 1e9:+.6f} s, drift {self.drift * 1e6:+.2f} ppm, "
            f"± {self.bound_ns / 1e3:.0f} us"
        )


SAME = Clock(0, 0, 0.0, 0)


def estimate(pings: Sequence[Ping], begin_ns: int, end_ns: int) -> Clock:
    """The other clock between two instants of the one here, from pings before, within and after.

    Raises TrialFailed where there are fewer than ten, or no evenly drifting clock fits them.
    """
    if len(pings) < LEAST_PINGS:
        raise TrialFailed(
            f"{counted(len(pings), 'ping')} to the clock of the host, not {LEAST_PINGS}"
        )
    stamps = np.array(pings, dtype=np.int64)
    # Microseconds, from a first guess on, over a time of about 1: numbers that a solver can hold.
    guess = int(stamps[0, 1] - stamps[0, 0])
    span_ns = max(int(stamps[-1, 2] - stamps[0, 0]), end_ns - begin_ns, 1)

    def rows_at(at_ns: Array) -> Array:
        return np.column_stack([np.ones(len(at_ns)), (at_ns - begin_ns) / span_ns])

    most = (stamps[:, 1] - stamps[:, 0] - guess) / 1e3  # it showed less than ``there`` at ``sent``
    least = (stamps[:, 1] - stamps[:, 2] - guess) / 1e3  # and more at ``back``
    rows = np.vstack([rows_at(stamps[:, 0]), -rows_at(stamps[:, 2])])
    limits = np.concatenate([most, -least])
    steepest = MOST_DRIFT * span_ns / 1e3
    (first, first_half), (last, last_half) = (
        middle(rows, limits, steepest, at) for at in rows_at(np.array([begin_ns, end_ns]))
    )
    drift = 1e3 * (last - first) / (end_ns - begin_ns) if end_ns > begin_ns else 0.0
    bound_ns = int(np.ceil(1e3 * max(first_half, last_half)))
    return Clock(begin_ns, guess + round(1e3 * first), drift, bound_ns)


def middle(rows: Array, limits: Array, steepest: float, at: Array) -> tuple[float, float]:
    """Of the heights that the lines within the limits have there: the middle, and half of their
    range. Raises TrialFailed where no line is within.
    """
    heights = []
    for sign in (1.0, -1.0):
        found = optimize.linprog(
            sign * at,
            A_ub=rows,
            b_ub=limits,
            bounds=[(None, None), (-steepest, steepest)],
        )
        if found.fun is None:
            raise TrialFailed(
                "the clock of the host does not drift evenly: no straight line fits the pings. Was "
                "it stopped, or set?"
            )
        heights.append(sign * found.fun)
    low, high = heights
    return (low + high) / 2, (high - low) / 2
