"""How arms take turns at a load: how fast each is, how long a turn is, and what of it counts.

A block in turns that no verdict uses says so beforehand. Where arms cannot take turns, they are
measured one after the other, and the reason is said.
"""

from collections.abc import Sequence

from harness.cli.progress import TrialProgress
from harness.experiment.comparison.comparison import Comparison, Pace
from harness.experiment.comparison.duet import duet_load
from harness.scenario.catalogue import Load, is_open_loop, load_words
from harness.store.vocabulary import Purpose, Status
from harness.trial.duet import SEGMENT_S, SETTLE_S, WINDOW_S

LEAST_IN_TURN = 20  # tasks of the slowest arm
MOST_PAUSE_S = 1.0  # frameworks and brokers have heartbeats and timeouts
SERVERS_OF_OTHERS = {"url", "docker"}  # providers whose server cannot be made to stand still


def find_paces(comparison: Comparison, progress: TrialProgress) -> None:
    """Fill ``comparison.paces`` for the loads at which arms can take turns."""
    loads = [load for load in comparison.loads() if comparison.takes_turns(load)]
    reason = server_of_another(comparison)
    for load in loads:
        found = reason or pace_at(comparison, load, progress)
        if isinstance(found, Pace):
            comparison.paces[load] = found
        else:
            comparison.console.print(
                f"[yellow]{load_words(load)}: one arm after the other, not in turns:[/] {found}"
            )


def server_of_another(comparison: Comparison) -> str:
    """Why an arm cannot stand still with its server; empty where all can."""
    for setup, name in zip(comparison.setups, comparison.names, strict=True):
        if (provider := setup.arm.broker.provider) in SERVERS_OF_OTHERS:
            return f"the server of {name} is not ours to hold (provider {provider})"
        if any(host.far for host in (setup.arm.places.broker, *setup.arm.places.others)):
            return f"processes of {name} are on other machines, where they do not stand still"
    return ""


def pace_at(comparison: Comparison, load: Load, progress: TrialProgress) -> Pace | str:
    """All arms of an open loop are offered the same, in segments: nothing has to be found out."""
    if is_open_loop(comparison.scenarios[load[0]]):
        return Pace(SEGMENT_S, 0.0, [])
    return pace_of(comparison, load, progress)


def pace_of(comparison: Comparison, load: Load, progress: TrialProgress) -> Pace | str:
    """By a small block in turns; a reason where it shows that turns won't do."""
    progress.expect(comparison.planned(load))
    arms, first = comparison.calibrated, Pace(WINDOW_S, SETTLE_S, [])
    outcomes = duet_load(comparison, load, 0, arms, Purpose.CALIBRATE, progress, first)
    for arm, outcome in zip(arms, outcomes, strict=True):
        if outcome.status == Status.FAILED or not outcome.metrics.get("drain_rate", 0) > 0:
            return f"{comparison.names[arm]}: {outcome.reason or 'no rate in its turns'}"
    rates = comparison.rates(load, [outcome.metrics["drain_rate"] for outcome in outcomes])
    settled_s = max(outcome.metrics.get("turn_settled", 0.0) for outcome in outcomes)
    return pace_for(rates, settled_s, comparison.side_by_side)


def pace_for(rates: Sequence[float], settled_s: float, side_by_side: int) -> Pace | str:
    """The turns that arms of these rates (tasks/s) take, so many in a block; a reason where they
    would be too long. ``settled_s``: what passes of a turn until they work as in its rest.
    """
    window_s = max(WINDOW_S, LEAST_IN_TURN / min(rates))
    pause_s = (side_by_side - 1) * window_s
    if pause_s > MOST_PAUSE_S:
        return (
            f"each would stand still for {pause_s:.1f} s at a time, and more than "
            f"{MOST_PAUSE_S:g} s is not safe"
        )
    return Pace(window_s, min(settled_s, window_s / 2), rates)
