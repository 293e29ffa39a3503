"""What is to be published of a database, alone."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from harness.report.export.export import export
from harness.store.database import open_database
from harness.store.queries import sql

OF_EXPERIMENT = ("trial", "verdict", "change_point", "experiment")  # tables that exports begin from


@contextmanager
def only(database: Path, experiments: Sequence[str]) -> Iterator[Path]:
    """A copy that holds nothing but these experiments."""
    with TemporaryDirectory() as place:
        copy = Path(shutil.copy(database, place))
        with open_database(copy) as connection:
            for table in OF_EXPERIMENT:
                kept = sql("keep_experiments").format(table=table)
                connection.execute(kept, [list(experiments)])
            connection.execute(sql("forget_place"))
        yield copy


def export_only(database: Path, experiments: Sequence[str], out: Path) -> None:
    """These experiments in place of what ``out`` holds."""
    with only(database, experiments) as copy:
        shutil.rmtree(out, ignore_errors=True)
        export(copy, out, "parquet", None, Console(soft_wrap=True), timings=False)
