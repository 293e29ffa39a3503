"""How arms take turns at a load: how fast each is, how long a turn is, and what of it counts.

A block in turns that no verdict uses says so beforehand. Where arms cannot take turns, they are
measured one after the other, and the reason is said.
"""

from collections.abc import Sequence

from harness.cli.progress import TrialProgress
from harness.experiment.comparison.comparison import Comparison, Pace
from harness.experiment.comparison.duet import duet_load
from harness.machine.cores import Cores
from harness.scenario.catalogue import Load, is_open_loop, load_words
from harness.store.database import open_database
from harness.store.queries import sql
from harness.store.vocabulary import Purpose, Status
from harness.trial.duet import SEGMENT_S, SETTLE_S, WINDOW_S
from harness.trial.outcome import Outcome

LEAST_IN_TURN = 20  # tasks of the slowest arm
MOST_PAUSE_S = 1.0  # frameworks and brokers have heartbeats and timeouts
MOST_SWAP_S = 1.0  # two arms, measured for 4 s each, are on each other's cores twice at least
CRAMPED = 0.9  # of an arm's cores
LEAST_SETTLED_S = 0.01  # the caches are another arm's, which shows for some milliseconds
SERVERS_OF_OTHERS = {"url", "docker"}  # providers whose server cannot be made to stand still


def find_paces(comparison: Comparison, progress: TrialProgress) -> None:
    """Fill ``comparison.paces`` for the loads at which arms can take turns."""
    loads = [load for load in comparison.loads() if comparison.takes_turns(load)]
    loads = [load for load in loads if load not in comparison.paces]
    reason = server_of_another(comparison)
    for load in loads:
        found = reason or pace_at(comparison, load, progress)
        if isinstance(found, Pace):
            comparison.paces[load] = found
        else:
            comparison.console.print(
                f"[yellow]{load_words(load)}: one arm after the other, not in turns:[/] {found}"
            )


def take_over_paces(comparison: Comparison) -> None:
    """Of a comparison that goes on: turns stay what they were found to be. Arms that worked at once
    are looked at again.
    """
    asked = {"experiment": comparison.id}
    with open_database(comparison.database, read_only=True) as connection:
        rows = [(*row[:3], row[3:]) for row in connection.execute(sql("paced"), asked).fetchall()]
    for load in filter(comparison.takes_turns, comparison.loads()):
        found = {arm - 1: figures for *place, arm, figures in rows if tuple(place) == load}
        own = [found[arm] for arm in comparison.calibrated if arm in found]
        if len(own) < len(comparison.calibrated) or any(cores for *_, cores in own):
            continue
        rates = comparison.rates(load, [rate for rate, _, _ in own])
        settled_s = max(settled for _, settled, _ in own)
        pace = pace_for(rates, settled_s, comparison.side_by_side)
        if isinstance(pace, Pace):
            comparison.paces[load] = pace


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
    arms, first = comparison.calibrated, Pace(WINDOW_S, SETTLE_S, [], comparison.sets)
    outcomes = duet_load(comparison, load, 0, arms, Purpose.CALIBRATE, progress, first)
    for arm, outcome in zip(arms, outcomes, strict=True):
        if outcome.status == Status.FAILED or not outcome.metrics.get("drain_rate", 0) > 0:
            return f"{comparison.names[arm]}: {outcome.reason or 'no rate in its turns'}"
        if cramped(outcome, comparison.sets):
            comparison.console.print(
                f"[yellow]{load_words(load)}: in turns, not at once:[/] "
                f"{comparison.names[arm]} would take more than {len(comparison.sets[0])} cores"
            )
            comparison.sets = ()
            return pace_of(comparison, load, progress)
    rates = comparison.rates(load, [outcome.metrics["drain_rate"] for outcome in outcomes])
    settled_s = max(outcome.metrics.get("turn_settled", SETTLE_S) for outcome in outcomes)
    return pace_for(rates, settled_s, comparison.side_by_side, comparison.sets)


def cramped(outcome: Outcome, sets: Sequence[Cores]) -> bool:
    """Whether an arm took nearly all of its cores: with more of them it might be faster."""
    costs = (v for name, v in outcome.metrics.items() if name.endswith("_cpu_per_task"))
    used = outcome.metrics["drain_rate"] * sum(costs) / 1e6
    return bool(sets) and used > CRAMPED * len(sets[0])


def pace_for(
    rates: Sequence[float], settled_s: float, side_by_side: int, sets: Sequence[Cores] = ()
) -> Pace | str:
    """The turns that arms of these rates (tasks/s) take, so many in a block; a reason where they
    would be too long. ``settled_s``: what passes of a turn until they work as in its rest.
    """
    window_s = max(WINDOW_S, LEAST_IN_TURN / min(rates))
    if sets:
        return swapped(window_s, settled_s, rates, sets)
    pause_s = (side_by_side - 1) * window_s
    if pause_s > MOST_PAUSE_S:
        return (
            f"each would stand still for {pause_s:.1f} s at a time, and more than "
            f"{MOST_PAUSE_S:g} s is not safe"
        )
    return Pace(window_s, left_out_s(settled_s, window_s), rates)


def swapped(
    window_s: float, settled_s: float, rates: Sequence[float], sets: Sequence[Cores]
) -> Pace | str:
    """The same for arms at once, of which none stands still."""
    if window_s > MOST_SWAP_S:
        return (
            f"{LEAST_IN_TURN} tasks of the slowest take {window_s:.1f} s, and cores that are "
            f"swapped more rarely than every {MOST_SWAP_S:g} s would not be shared alike"
        )
    return Pace(window_s, left_out_s(settled_s, window_s), rates, sets)


def left_out_s(settled_s: float, window_s: float) -> float:
    """Of the beginning of a turn."""
    return min(max(settled_s, LEAST_SETTLED_S), window_s / 2)
