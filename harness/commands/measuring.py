"""What commands that measure share: they have the machine for themselves."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def alone(options: argparse.Namespace) -> Iterator[None]:
    """No other bench on this machine while it is entered, and what else works is said before.
    Raises MachineTaken without --wait.
    """
    from harness.cli.console import console
    from harness.machine.lock import machine_lock
    from harness.machine.neighbours import busy

    with machine_lock(wait=options.wait):
        if found := busy():
            console.print(f"[bold yellow]this machine is busy:[/] {found}")
        yield
