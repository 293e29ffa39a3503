"""Going on with a series, or with the fresh look at its steps: on the same ground only."""

import json

from harness.experiment.comparison.blocks import break_load
from harness.experiment.comparison.comparison import Pair
from harness.experiment.comparison.resume import check_same_ground, whole_blocks
from harness.experiment.cut_off import HALF, how_far, left_of
from harness.experiment.series.pairs import InPairs
from harness.store.database import open_database
from harness.store.queries import sql


def take_over(found: InPairs, experiment: str, *, dry_run: bool = False) -> list[int]:
    """Make it be the stored one: its id, its capacity, where its numbering ended. The blocks that
    are there. Raises UsageError where the ground has changed.
    """
    found.experiment.experiment_id = experiment
    check_same_ground(found)
    asked = {"experiment": experiment}
    with left_of(found.database, experiment, dry_run=dry_run) as connection:
        done = whole_blocks(connection, found)
        (found.capacity,) = connection.execute(sql("capacities"), asked).fetchall()[0]
        found.position, found.redo.times = how_far(connection, experiment)
        for block in {block for block, _ in found.schedule()} - {*done}:
            for load in found.loads():  # half a block: its arms were not side by side
                break_load(connection, experiment, block, load, HALF)
    return done


def confirming(series: InPairs) -> tuple[str, list[Pair]] | None:
    """The fresh look at the steps of a series: its experiment, and the arms before and after each;
    None before it has begun.
    """
    with open_database(series.database, read_only=True) as connection:
        asked = {"experiment": series.id}
        row = connection.execute(sql("confirming"), asked).fetchone()
    return (row[0], [Pair(*each) for each in json.loads(row[1])]) if row else None
