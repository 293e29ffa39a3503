"""What an arm can sustain: the capacity that open loops offer shares of."""

import statistics
from collections.abc import Sequence

from harness.store.vocabulary import Status
from harness.trial.outcome import Outcome

CALIBRATOR = "throughput"  # the scenario that measures it


def capacity_of(drains: Sequence[Outcome]) -> float | None:
    """The median drain rate measured while a producer was sending, since an open loop has its
    generator on the same cores; the rate without one where that is smaller or all there is. None
    when nothing was drained.
    """
    measured = [o.metrics for o in drains if o.status != Status.FAILED]
    rates = [m["drain_rate"] for m in measured if "drain_rate" in m]
    live = [m["drain_rate_live"] for m in measured if "drain_rate_live" in m]
    return min(statistics.median(live or rates), statistics.median(rates)) if rates else None
