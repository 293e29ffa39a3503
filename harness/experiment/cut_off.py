"""What a session that was ended has left of its experiment, for whatever goes on with it."""

from pathlib import Path

import duckdb

from harness.store.database import open_database
from harness.store.queries import sql
from harness.trial.ending import INTERRUPTED
from harness.trial.outcome import UNFINISHED

HALF = "its block was cut off"  # of a trial that came to its end, and is run again with the others
CUT_OFF = [INTERRUPTED, UNFINISHED, HALF]


def break_cut_off(database: Path, experiment: str) -> None:
    """Take trials that ended with their session out of what there is; their rows stay."""
    with open_database(database) as connection:
        asked = {"experiment": experiment, "reasons": CUT_OFF}
        connection.execute(sql("break_cut_off"), asked)


def how_far(connection: duckdb.DuckDBPyConnection, experiment: str) -> tuple[int, int]:
    """The last trial's number, and how often a load was run again since it was disturbed."""
    asked = {"experiment": experiment, "reasons": CUT_OFF}
    position, redone = connection.execute(sql("how_far"), asked).fetchall()[0]
    return position, redone
