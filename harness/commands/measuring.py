"""What commands that measure share: they have the machine for themselves, and hosts."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from harness.cli.arms import ArmRequest
from harness.cli.cluster import cluster_of
from harness.cli.matrix import Matrix
from harness.commands.typed import typed_again

if TYPE_CHECKING:
    from harness.experiment.arms import Cells
    from infrastructure.hosts.host import Places


@contextmanager
def alone(options: argparse.Namespace, typed: str = "") -> Iterator[None]:
    """No other bench on this machine while it is entered, and what else works is said before.
    ``typed``: the command, where it is not named as this process's. Raises MachineTaken without
    --wait.
    """
    from harness.cli.console import console
    from harness.machine.lock import machine_lock
    from harness.machine.neighbours import busy

    with machine_lock(typed or typed_again(), wait=options.wait):
        if found := busy():
            console.print(f"[bold yellow]this machine is busy:[/] {found}")
        yield


@contextmanager
def only_planned(options: argparse.Namespace) -> Iterator[None]:
    """Show a plan while it is entered: where there was no database there is none afterwards."""
    from harness.store.database import remove_empty

    there = options.db.exists()
    try:
        yield
    finally:
        if not there and options.db.exists():
            remove_empty(options.db)


@contextmanager
def placed(
    options: argparse.Namespace,
    arms: Sequence[ArmRequest],
    cells: "Cells",
    matrix: Matrix,
    typed: str,
) -> "Iterator[Places]":
    """Where the roles of a trial run: on workers of the cluster, if both were asked for. ``typed``:
    the command, for whoever finds a machine taken. Raises UsageError.
    """
    from infrastructure.hosts.places import places_of

    cluster = cluster_of(options)
    if not (cluster and options.place):
        yield places_of(options.place)
        return
    from harness.experiment.cluster.hosts import hosts_of  # Dask, which only it takes

    with hosts_of(cluster, options.place, arms, cells, matrix, typed) as found:
        yield found
