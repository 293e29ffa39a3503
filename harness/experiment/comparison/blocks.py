"""The blocks of a comparison: every arm once for every load, side by side.

What the environment broke, or the load generator, which shares the cores with everything else, is
run again, at most three times: all arms of that load in that block, since that is what is paired.
"""

from collections.abc import Sequence

import duckdb

from harness.cli.progress import TrialProgress
from harness.experiment.comparison.comparison import Comparison
from harness.experiment.comparison.duet import duet_load, in_turns
from harness.experiment.order import trial_seed
from harness.experiment.watched import watched
from harness.measure.validity import BEHIND
from harness.scenario.catalogue import Load, load_words
from harness.scenario.point import Point
from harness.scenario.scenario import Scenario
from harness.store.database import open_database
from harness.store.queries import sql
from harness.store.vocabulary import Purpose, Status
from harness.trial.outcome import Outcome
from harness.trial.plan import Setup, TrialPlan


def run_block(
    comparison: Comparison, block: int, order: Sequence[int], progress: TrialProgress
) -> None:
    for load in comparison.loads():
        sound_load(comparison, load, block, order, progress)


def sound_load(
    comparison: Comparison, load: Load, block: int, order: Sequence[int], progress: TrialProgress
) -> None:
    """One load of a block. A broken one is run again, at most three times."""
    where = f"block {block}, {load_words(load)}"
    for attempt in range(comparison.redo + 1):
        flags = one_load(comparison, load, block, order, Purpose.MEASURE, progress)
        if not flags:
            return
        behind = all(flag.startswith(BEHIND) for flag in flags)
        if attempt == comparison.redo or (behind and load in comparison.hopeless):
            comparison.disturbed.append(f"{where}, was never undisturbed: {flags[0]}")
            if behind:
                comparison.hopeless.add(load)
            return
        comparison.redone += 1
        progress.expect(comparison.expected_s(load))
        comparison.console.print(f"[yellow]{where}, is run again:[/] {flags[0]}")
        with open_database(comparison.database) as connection:
            break_load(connection, comparison.id, block, load)


def one_load(
    comparison: Comparison,
    load: Load,
    block: int,
    order: Sequence[int],
    purpose: Purpose,
    progress: TrialProgress,
) -> list[str]:
    """Every arm once; what the environment and the load generator did meanwhile."""
    flags = []
    if in_turns(comparison, load):
        outcomes = duet_load(comparison, load, block, purpose, progress)
    else:
        scenario, point = comparison.scenarios[load[0]], comparison.point(load)
        outcomes = [
            run_arm(comparison, comparison.setups[arm], scenario, point, block, purpose, progress)
            for arm in order
        ]
    for outcome in outcomes:
        flags += outcome.flags
        if only_behind(outcome):
            flags.append(outcome.reason)
    return flags


def run_arm(
    comparison: Comparison,
    setup: Setup,
    scenario: Scenario,
    point: Point,
    block: int,
    purpose: Purpose,
    progress: TrialProgress,
) -> Outcome:
    """One trial, the next by position."""
    comparison.position += 1
    plan = TrialPlan(
        f"{comparison.id}-{comparison.position:04}",
        block,
        comparison.position,
        scenario,
        point,
        purpose,
        trial_seed(comparison.seed, scenario.name, block, point.label),
    )
    where = f"block {block} · {comparison.name(setup.number)} · "
    return watched(setup, plan, progress, where)


def only_behind(outcome: Outcome) -> bool:
    """Whether nothing but the load generator's lag voids the trial: the harness's fault, not the
    arm's.
    """
    parts = outcome.reason.split("; ")
    return outcome.status == Status.INVALID and all(part.startswith(BEHIND) for part in parts)


def break_load(
    connection: duckdb.DuckDBPyConnection, experiment: str, block: int, load: Load
) -> None:
    """Take the load of a block out of the comparison; its rows stay."""
    connection.execute(
        sql("break_block"),
        {"experiment": experiment, "block": block, "scenario": load[0], "point": load[1]},
    )
