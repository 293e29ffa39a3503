"""The files of an export: which there are, and how one is written, whole or not at all."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from harness.store.queries import sql

# A file for all scenarios.
OF_ALL = ("surroundings", "settings", "packages", "checkpoints", "verdicts")
PATIENCE_S = 2.0  # what takes longer shows how far it is
STEP_S = 0.2


@dataclass(frozen=True)
class Part:
    """A file to write: its name below the folder, without the ending, and the query behind it."""

    name: str
    query: str
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Written:
    """A file that is whole: its name below the folder, its rows and its bytes."""

    path: str
    rows: int
    size: int

    @property
    def words(self) -> str:
        return f"{self.path}: {self.rows:,} rows, {self.size / 1e6:,.1f} MB"


def parts(scenarios: Sequence[str], *, timings: bool) -> list[Part]:
    """What is exported besides the analysis report, in order; ``timings``: the raw stamps too."""
    every = {"scenarios": list(scenarios)}
    stamped = scenarios if timings else ()
    return [
        *(Part(f"trials/{s}", "export_trials", {"scenario": s}) for s in scenarios),
        *(Part(f"timings/{s}", "export_timings", {"scenario": s}) for s in stamped),
        *(Part(name, f"export_{name}", every) for name in OF_ALL),
    ]


def write(
    connection: duckdb.DuckDBPyConnection, part: Part, out: Path, kind: str, console: Console
) -> Written:
    """Write one file in the format ``kind``; an earlier one of its name stays until it is whole."""
    path = out / f"{part.name}.{kind}"
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    query = sql(part.query).rstrip().removesuffix(";")
    text = sql(f"export_{kind}").format(query=query)
    try:
        with watched(console, partial, part.name):
            done = connection.execute(text, {**part.parameters, "path": str(partial)}).fetchall()
        partial.replace(path)
    except RuntimeError as error:
        if "interrupted" not in str(error):
            raise
        raise KeyboardInterrupt from None  # which DuckDB makes of Ctrl-C
    finally:
        partial.unlink(missing_ok=True)
    return Written(f"{part.name}.{kind}", int(done[0][0]), path.stat().st_size)


@contextmanager
def watched(console: Console, file: Path, words: str) -> Iterator[None]:
    """Show how much of a file is written meanwhile; elsewhere than on a terminal, one line. DuckDB
    does not say how far a COPY is, so there is no time left to tell.
    """
    stop = threading.Event()
    follower = threading.Thread(target=follow, args=(console, file, words, stop), daemon=True)
    follower.start()
    try:
        yield
    finally:
        stop.set()
        follower.join()


def follow(console: Console, file: Path, words: str, stop: threading.Event) -> None:
    if stop.wait(PATIENCE_S):
        return
    if not console.is_terminal:
        console.print(f"{words}: still writing …")
        return
    columns = (TextColumn("{task.description}"), TextColumn("{task.fields[written]}"))
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        task = progress.add_task(words, written="")
        while not stop.wait(STEP_S):
            size = file.stat().st_size if file.exists() else 0
            progress.update(task, written=f"{size / 1e6:,.0f} MB written")
