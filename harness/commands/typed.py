"""Options that several commands share, as the typed objects that the work takes."""

import argparse
import shlex
import sys
from typing import TYPE_CHECKING

from harness.cli.options import without_cells

if TYPE_CHECKING:
    from harness.experiment.arms import Cells, Server


def server_of(options: argparse.Namespace) -> "Server":
    """Of ``--provider`` and what goes with it. Raises UsageError for hosts that are not there."""
    from harness.experiment.arms import Server
    from infrastructure.hosts.places import places_of

    return Server(
        options.provider,
        options.broker_url,
        options.yes_flush,
        options.durability == "relaxed",
        places_of(vars(options).get("place")),
    )


def typed_again() -> str:
    """The command of this process as a person types it."""
    name, *words = without_cells(sys.argv[1:]) or [""]  # nothing was typed where Python called us
    return f"nox -s {name} -- {shlex.join(words)}"


def cells_of(options: argparse.Namespace) -> "Cells":
    """Of ``--cell``, which nox gives."""
    return {(framework, version, python): exe for framework, version, python, exe in options.cell}
