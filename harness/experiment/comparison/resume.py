"""Going on with a killed comparison: on the same machine, or like ones, locks and commit only."""

import duckdb

from harness.experiment.comparison.blocks import break_load
from harness.experiment.comparison.comparison import Comparison
from harness.experiment.comparison.pace import take_over_paces
from harness.experiment.cut_off import HALF, how_far, left_of
from harness.experiment.ground import check_ground, ground_of
from harness.store.database import open_database
from harness.store.queries import sql
from infrastructure.counted import counted
from infrastructure.errors import UsageError


def take_over(comparison: Comparison, experiment: str, *, dry_run: bool = False) -> list[int]:
    """Make the comparison be the stored one: its id, its capacity, how its arms take turns, where
    its numbering ended. The blocks that are there. Raises UsageError where nothing is missing or
    the ground has changed.
    """
    comparison.experiment.experiment_id = experiment
    check_same_ground(comparison)
    asked = {"experiment": experiment}
    with left_of(comparison.database, experiment, dry_run=dry_run) as connection:
        done = whole_blocks(connection, comparison)
        if len(done) >= comparison.blocks:
            whole = counted(comparison.blocks, "block")
            raise UsageError(f"--resume {experiment}: nothing is missing of {whole}")
        (comparison.capacity,) = connection.execute(sql("capacities"), asked).fetchall()[0]
        comparison.position, comparison.redo.times = how_far(connection, experiment)
        for block in set(range(1, comparison.blocks + 1)) - set(done):
            for load in comparison.loads():  # half a block: its arms were not side by side
                break_load(connection, experiment, block, load, HALF)
    take_over_paces(comparison)
    return done


def blocks_done(comparison: Comparison) -> list[int]:
    """Blocks that hold all their trials."""
    with open_database(comparison.database, read_only=True) as connection:
        return whole_blocks(connection, comparison)


def whole_blocks(connection: duckdb.DuckDBPyConnection, comparison: Comparison) -> list[int]:
    trials = len(comparison.loads()) * comparison.side_by_side
    asked = {"experiment": comparison.id, "trials": trials}
    return [block for (block,) in connection.execute(sql("blocks_done"), asked).fetchall()]


def check_same_ground(comparison: Comparison) -> None:
    """Raises UsageError where machine, locks or harness are not those that it began with."""
    now = ground_of(comparison.setups, comparison.experiment, comparison.ground)
    check_ground(comparison.database, comparison.id, now)
