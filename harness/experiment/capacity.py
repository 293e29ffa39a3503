"""What an arm can sustain: the capacity that open loops offer shares of.

A drain says roughly; then an open loop offers more than that, by the same paced producers on the
same cores, and what is completed meanwhile is the capacity. A drain alone finds more than an open
loop sustains, where producers and workers share cores: on two cores up to twice as much.
"""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import replace

from harness.scenario.point import Point, Size
from harness.store.vocabulary import Status
from harness.trial.outcome import Outcome

CALIBRATOR = "throughput"  # the scenario that says roughly
OVERLOADER = "latency"  # the one whose open loop says what is sustained
OVERLOAD = 1.3  # of the rough rate
OVERLOAD_S = 5.0


def overload_point(size: Size, rate: float | None = None) -> Point:
    """The open loop that offers too much; ``rate``: the rough one, tasks/s, once it is known."""
    size = replace(size, load_s=min(size.load_s, OVERLOAD_S))
    return Point(size, OVERLOAD, rate, {"overload": True}, name="overload")


def capacity_of(outcomes: Sequence[Outcome]) -> float | None:
    """What was completed under overload, in tasks/s; before that was measured, or where it was no
    overload, the rough rate of the drains. None when nothing was drained.
    """
    sustained = list(measured(outcomes, "open_loop_capacity"))
    return statistics.median(sustained) if sustained else rough_rate(outcomes)


def rough_rate(outcomes: Sequence[Outcome]) -> float | None:
    """The median drain rate while a producer was sending; the rate without one where that is
    smaller or all there is.
    """
    rates = list(measured(outcomes, "drain_rate"))
    live = list(measured(outcomes, "drain_rate_live"))
    return min(statistics.median(live or rates), statistics.median(rates)) if rates else None


def measured(outcomes: Sequence[Outcome], name: str) -> Iterable[float]:
    """Values of a metric, of trials that did not fail."""
    return (o.metrics[name] for o in outcomes if o.status != Status.FAILED and name in o.metrics)
