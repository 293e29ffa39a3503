"""What the harness costs, as far as the proof asks for it."""

from dataclasses import replace

from harness.prove.selfbench.observer import observer_effect
from harness.prove.selfbench.probe import clock_violations
from harness.prove.selfbench.session import QUICK_SIZES, SelfbenchSession
from harness.prove.selfbench.trials import rough_capacity
from harness.prove.validate.found import Found
from harness.prove.validate.session import ValidateSession
from harness.trial.cell import Arm

SIZES = replace(QUICK_SIZES, pairs=20, most_pairs=60)  # on a machine with steal all of them
KNOWN = 1.0  # points: the observer effect's 90 % interval may be ± that
EQUIVALENT = 2.0  # percent


def clocks(session: ValidateSession) -> Found:
    own = selfbench(session)
    clock_violations(own)
    return Found(
        "clocks",
        own.found("clock_violations"),
        "stamps",
        0,
        at_most=True,
        sentence=f"{own.sizes.ping_pongs:,} ping-pongs: stamps of a child outside its parent's",
    )


def observer(session: ValidateSession, arm: Arm) -> Found:
    own = selfbench(session)
    rough_capacity(own, arm)
    observer_effect(own, arm)
    effect, low, high, within, pairs, makespan = (
        own.found(f"observer_{name}_{arm.framework}")
        for name in ("effect", "low", "high", "within", "pairs", "makespan")
    )
    known = "equivalent within 2 %" if within <= EQUIVALENT else "to be read beside the results"
    return Found(
        f"observer effect known to ±, {arm.framework}",
        (high - low) / 2,
        "points",
        KNOWN,
        at_most=True,
        sentence="worker CPU of a drain with the probe against without: "
        f"{effect:+.2f} % [{low:+.2f}, {high:+.2f}] (90 %, {pairs:.0f} pairs), {known}; its time "
        f"{makespan:+.1f} %",
    )


def selfbench(session: ValidateSession) -> SelfbenchSession:
    """A session of selfbench that stores nothing."""
    return SelfbenchSession(session.scratch, session.arms, SIZES, session.seed)
