"""The blocks of a comparison: every arm once for every load, side by side.

What the environment broke, or the load generator, which shares the cores with everything else, is
run again, at most three times: all arms of that load in that block, since that is what is paired.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from harness.cli.progress import TrialProgress
from harness.experiment.comparison.comparison import Comparison
from harness.experiment.comparison.duet import duet_load
from harness.experiment.order import trial_seed
from harness.experiment.redo import disturbances, only_behind
from harness.experiment.watched import watched
from harness.scenario.catalogue import Load, load_words
from harness.scenario.point import Point
from harness.scenario.scenario import Scenario
from harness.store.database import open_database
from harness.store.ingest import break_spooled
from harness.store.queries import sql
from harness.store.vocabulary import Purpose
from harness.trial.outcome import Outcome
from harness.trial.plan import Setup, TrialPlan
from infrastructure.processes.folder import spool_of


@dataclass(frozen=True)
class Block:
    """A block to be: its number, its arms in their order (0 … arms − 1), and what it is for:
    ``measure``, or ``pilot``, of which nothing is run again.
    """

    number: int
    order: tuple[int, ...]
    purpose: Purpose = Purpose.MEASURE


def run_block(comparison: Comparison, block: Block, progress: TrialProgress) -> None:
    for load in comparison.loads():
        if block.purpose is Purpose.MEASURE:
            sound_load(comparison, load, block.number, block.order, progress)
        else:
            one_load(comparison, load, block.number, block.order, block.purpose, progress)


def sound_load(
    comparison: Comparison, load: Load, block: int, order: Sequence[int], progress: TrialProgress
) -> None:
    """One load of a block. A broken one is run again, at most three times."""
    where = f"block {block}, {load_words(load)}"

    def run() -> list[str]:
        return one_load(comparison, load, block, order, Purpose.MEASURE, progress)

    for flag in comparison.redo.again(load, where, run):
        progress.expect(comparison.planned(load))
        comparison.console.print(f"[yellow]{where}, is run again:[/] {flag}")
        take_out(comparison, block, load)


def take_out(comparison: Comparison, block: int, load: Load) -> None:
    """Of the comparison, where its trials are."""
    if comparison.fetched:
        break_spooled(spool_of(comparison.database), block, *load)
        return
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
    """Every arm of the block once; what the environment and the load generator did meanwhile.

    What disturbs the machine meets arms in turns alike: only a late generator counts there.
    """
    if pace := comparison.paces.get(load):
        outcomes = duet_load(comparison, load, block, sorted(order), purpose, progress, pace)
        return [outcome.reason for outcome in outcomes if only_behind(outcome)]
    scenario, point = comparison.scenarios[load[0]], comparison.point(load)
    outcomes = [
        run_arm(comparison, comparison.setups[arm], scenario, point, block, purpose, progress)
        for arm in order
    ]
    return [flag for outcome in outcomes for flag in disturbances(outcome)]


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
    trial_id, position = comparison.next_trial()
    point = replace(point, options=comparison.options(scenario, point))
    plan = TrialPlan(
        trial_id,
        block,
        position,
        scenario,
        point,
        purpose,
        trial_seed(comparison.seed, scenario.name, block, point.label),
    )
    where = f"block {block} · {comparison.name(setup.number)} · "
    outcome = watched(setup, plan, progress, where)
    comparison.expected[setup.number - 1].learn(outcome)
    return outcome


def break_load(
    connection: duckdb.DuckDBPyConnection,
    experiment: str,
    block: int,
    load: Load,
    why: str | None = None,
) -> None:
    """Take the load of a block out of the comparison; its rows stay, with this reason too."""
    place = {"experiment": experiment, "block": block, "scenario": load[0], "point": load[1]}
    connection.execute(sql("break_block"), {**place, "why": why})
