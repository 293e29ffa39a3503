"""A session leaves nothing behind, and cleans up what others did."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.cli.console import console
from harness.trial.leftovers import recover
from infrastructure.processes import guard
from infrastructure.processes.folder import spool_of


@contextmanager
def guarded(database: Path) -> Iterator[None]:
    """Clean up after earlier sessions, then watch over this one's children. What goes on with an
    experiment looks at it within: only then the trial that its session was killed in is stored.
    """
    spool = spool_of(database)
    spool.mkdir(exist_ok=True)
    for line in recover(database, spool):
        console.print(f"[yellow]{line}[/]")
    watchdog = guard.start_guard(spool)
    try:
        yield
    finally:
        guard.stop_guard(watchdog)
        for line in recover(database, spool):  # trials that the database was too busy for
            console.print(f"[yellow]{line}[/]")
