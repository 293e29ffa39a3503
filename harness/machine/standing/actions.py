"""Actions on standing brokers: one command at a time, each broker for itself, none in silence."""

import fcntl
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from harness.machine.standing.broker import standing_in
from infrastructure.errors import BenchError

PATIENCE_S = 2.0  # what takes longer shows that it goes on


def each_standing(
    place: Path, asked: Sequence[str], act: Callable[[Path], None], nothing: str
) -> int:
    """Act on the folders of the brokers asked for, or of all; 1 when one failed. Says ``nothing``
    where none stands.
    """
    names = asked or standing_in(place)
    if not names:
        print(nothing)
    return each({name: partial(act, place / name) for name in names})


def each(actions: dict[str, Callable[[], None]]) -> int:
    """Do all, whatever becomes of one; 1 when one failed."""
    failed = 0
    for name, act in actions.items():
        try:
            act()
        except BenchError as error:
            print(f"error: {name}: {error}", file=sys.stderr)
            failed = 1
    return failed


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Say what is waited for, once it takes longer than PATIENCE_S.

    On stderr, as all progress: what a command prints does not depend on how fast the machine is.
    """
    console = Console(stderr=True, highlight=False)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    progress = Progress(*columns, console=console, transient=True)
    progress.add_task(f"{what} …")

    def show() -> None:
        if console.is_terminal:
            progress.start()
        else:
            console.print(f"{what} …")

    timer = threading.Timer(PATIENCE_S, show)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        if progress.live.is_started:
            progress.stop()


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """One command at a time changes what stands. Raises BenchError while another does."""
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BenchError(
                "another `infra` is starting or ending brokers now: wait until it is done"
            ) from None
        yield
