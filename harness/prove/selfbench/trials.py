"""What whole trials cost, and whether the load generator keeps its schedule."""

import time
from dataclasses import replace

from harness.experiment.capacity import capacity_of
from harness.prove.lone import lone_plan, lone_setup, lone_trial
from harness.prove.selfbench.session import SelfbenchSession
from harness.scenario.point import QUICK, Point
from harness.store.vocabulary import Purpose
from harness.trial.cell import Arm
from harness.trial.outcome import Outcome

NO_GATE = replace(QUICK, idle_gate_s=0.01, late_s=0.0)
SHARE = 0.7  # of capacity


def whole_trials(session: SelfbenchSession, arm: Arm) -> None:
    """A backlog for capacity and overhead, then the generator's lag at 0.7 of capacity.

    Overhead is the wall clock around a whole trial, storing included, without the framework's
    own start, the load, and the wait for an idle machine.
    """
    begin = time.perf_counter()
    drained = rough_capacity(session, arm)
    took, metrics = time.perf_counter() - begin, drained.metrics
    overhead = took - metrics["start_to_ready"] - metrics["ready_to_drained"]
    session.add(f"trial_overhead_{arm.framework}", overhead, "s")
    point = Point(QUICK, fraction=SHARE, capacity=capacity_of([drained]))
    loaded = trial(session, arm, "latency", Purpose.SELFBENCH, point)
    lag = loaded.metrics["generator_lag_p99"]
    session.add(f"generator_lag_p99_{arm.framework}", lag, "ms")


def rough_capacity(session: SelfbenchSession, arm: Arm) -> Outcome:
    """A small backlog: what the sizes of other loads go by."""
    drained = trial(session, arm, "throughput", Purpose.CALIBRATE, Point(NO_GATE))
    session.capacity[arm.framework] = drained.metrics["drain_rate"]
    return drained


def trial(
    session: SelfbenchSession, arm: Arm, scenario: str, purpose: Purpose, point: Point
) -> Outcome:
    setup = lone_setup(session.database, arm, scenario, "selfbench", session.seed)
    return lone_trial(setup, lone_plan(setup, scenario, purpose, point))
