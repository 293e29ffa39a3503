"""What a session that was ended has left of its experiment, for whatever goes on with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from harness.store.database import open_database
from harness.store.queries import sql
from harness.trial.ending import INTERRUPTED
from harness.trial.outcome import UNFINISHED

HALF = "its block was cut off"  # of a trial that came to its end, and is run again with the others
CUT_OFF = [INTERRUPTED, UNFINISHED, HALF]


@contextmanager
def left_of(
    database: Path, experiment: str, *, dry_run: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The experiment without the trials that ended with their session; their rows stay. What is
    changed meanwhile is stored as a whole, and not at all by a dry run.
    """
    with open_database(database) as connection:
        connection.begin()
        asked = {"experiment": experiment, "reasons": CUT_OFF}
        connection.execute(sql("break_cut_off"), asked)
        yield connection
        if dry_run:
            connection.rollback()
        else:
            connection.commit()


def how_far(connection: duckdb.DuckDBPyConnection, experiment: str) -> tuple[int, int]:
    """The last trial's number, and how often a load was run again since it was disturbed."""
    asked = {"experiment": experiment, "reasons": CUT_OFF}
    position, redone = connection.execute(sql("how_far"), asked).fetchall()[0]
    return position, redone
