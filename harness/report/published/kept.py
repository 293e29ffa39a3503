"""A copy of a database with what is to be published of it."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.store.database import open_database
from harness.store.queries import sql

OF_EXPERIMENT = ("trial", "verdict", "change_point", "experiment")  # tables that exports begin from


@contextmanager
def only(database: Path, experiments: Sequence[str]) -> Iterator[Path]:
    """It holds nothing but these experiments."""
    with TemporaryDirectory() as place:
        copy = Path(shutil.copy(database, place))
        with open_database(copy) as connection:
            for table in OF_EXPERIMENT:
                kept = sql("keep_experiments").format(table=table)
                connection.execute(kept, [list(experiments)])
            connection.execute(sql("forget_place"))
        yield copy
