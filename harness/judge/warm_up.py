"""Where a warm-up has settled."""

import numpy as np

from harness.judge.pairs import Values

LEAST_BINS = 8


def warm_up(bins: Values) -> int | None:
    """METHOD 5: the first bin after which all stay within 2 % of the mean of the tail (the second
    half), or within three of the tail's standard deviations where bins scatter more than that.

    None where the first half never gets there. Raises ValueError below 8 bins.
    """
    values = np.asarray(bins, dtype=float)
    if len(values) < LEAST_BINS:
        raise ValueError(f"a warm-up is read from {LEAST_BINS} bins at least, not {len(values)}")
    half = len(values) // 2
    tail = values[half:]
    tolerance = max(0.02 * float(np.mean(tail)), 3 * float(np.std(tail, ddof=1)))
    outside = np.flatnonzero(np.abs(values[:half] - np.mean(tail)) > tolerance)
    first = int(outside[-1]) + 1 if len(outside) else 0
    return first if first < half else None
