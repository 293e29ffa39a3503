"""What was measured and stored before, wherever it is: databases, and folders of exports."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import duckdb

from harness.store.restore import restored
from infrastructure.errors import BenchError


def rows_of(places: Sequence[Path], statement: str) -> Iterator[tuple[Any, ...]]:
    """What a statement finds in each; its first column names a trial, which counts once however
    often it was copied. A place that cannot be read is said, and left out. None is brought up to
    date: they are not ours to change.
    """
    known = set[str]()
    for place in places:
        for row in answers(place, statement):
            if row[0] not in known:
                known.add(row[0])
                yield row


def answers(place: Path, statement: str) -> list[tuple[Any, ...]]:
    try:
        with ExitStack() as stack:
            database = stack.enter_context(restored(place)) if place.is_dir() else place
            connection = stack.enter_context(duckdb.connect(database, read_only=True))
            return connection.execute(statement).fetchall()
    except (BenchError, duckdb.Error) as error:
        print(f"left out: {place}: {str(error).splitlines()[0]}", file=sys.stderr)
        return []
