"""What an arm can sustain: the capacity that open loops offer shares of.

A drain says roughly; then an open loop offers more than that, by the same paced producers on the
same cores, and what is completed meanwhile is the capacity. A drain alone finds more than an open
loop sustains, where producers and workers share cores: on two cores up to twice as much. And there
too much can be far too much: producers that send several times what is completed take the cores
that it would take. Then less is offered, once.
"""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import replace

from harness.scenario.point import Point, Size
from harness.store.vocabulary import Status
from harness.trial.outcome import Outcome

CALIBRATOR = "throughput"  # the scenario that says roughly
OVERLOADER = "latency"  # the one whose open loop says what is sustained
OVERLOAD = 1.3  # of the rough rate
STARVED = 2  # times what is completed
OVERLOAD_S = 5.0


def overload_point(size: Size, rate: float | None = None) -> Point:
    """The open loop that offers too much; ``rate``: the rough one, tasks/s, once it is known. No
    figure is of it: nobody looks for what comes late.
    """
    size = replace(size, load_s=min(size.load_s, OVERLOAD_S), late_s=0)
    return Point(size, OVERLOAD, rate, {"overload": True}, name="overload")


def capacity_of(outcomes: Sequence[Outcome]) -> float | None:
    """The most that was completed under overload, in tasks/s; before that was measured, or where it
    was no overload, the rough rate of the drains. None when nothing was drained.
    """
    sustained = list(measured(outcomes, "open_loop_capacity"))
    return max(sustained) if sustained else rough_rate(outcomes)


def gentler(rate: float, outcome: Outcome) -> float | None:
    """The rate to overload by again, between the one that was taken and what came of it; None where
    that was no starvation.
    """
    sustained = list(measured([outcome], "open_loop_capacity"))
    if not sustained or OVERLOAD * rate <= STARVED * sustained[0]:
        return None
    return math.sqrt(rate * sustained[0])


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
