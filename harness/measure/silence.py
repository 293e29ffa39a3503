"""How long nothing was completed."""

import numpy as np

from harness.measure.layouts import Array

SECOND = 1_000_000_000


def longest_silence_s(ends_ns: Array, fault_ns: int, until_ns: int) -> float:
    """Longest time without a completion from the fault to ``until_ns``, or to the last completion
    where that is later.
    """
    edges = [fault_ns, *np.sort(ends_ns[ends_ns >= fault_ns])]
    edges.append(max(edges[-1], until_ns))
    return float(np.max(np.diff(edges))) / SECOND
