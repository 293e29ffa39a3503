"""How many round trips something waits for: the slope of its time over the round-trip time.

A time that consists of work and of k waits for the broker is y = a + k · RTT. Least squares through
points of different RTTs gives k, with Student's interval of a slope (Draper and Smith, Applied
Regression Analysis, 1998, section 1.4). It holds where work takes equally long at every RTT.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

LEVEL = 0.95
LEAST_RTTS = 3


@dataclass(frozen=True)
class RoundTrips:
    """``count`` is k, with its 95 % interval from ``low`` to ``high``; ``rest_ms`` is a: what is
    left without a network.
    """

    count: float
    low: float
    high: float
    rest_ms: float

    @property
    def words(self) -> str:
        return f"{self.count:.2f} [{self.low:.2f} … {self.high:.2f}]"


def fit(rtts_ms: Sequence[float], times_ms: Sequence[float]) -> RoundTrips | None:
    """Through times at these RTTs, both in ms; None with fewer than three different RTTs."""
    x, y = np.asarray(rtts_ms, dtype=float), np.asarray(times_ms, dtype=float)
    if len(np.unique(x)) < LEAST_RTTS:
        return None
    line = stats.linregress(x, y)
    half = float(stats.t.ppf((1 + LEVEL) / 2, len(x) - 2) * line.stderr)
    slope = float(line.slope)
    return RoundTrips(slope, slope - half, slope + half, float(line.intercept))
