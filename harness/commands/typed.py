"""Options that several commands share, as the typed objects that the work takes."""

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from harness.cli.cluster import TLS, check_again
from harness.cli.options import without_added

if TYPE_CHECKING:
    from harness.experiment.arms import Cells, Server
    from harness.trial.plan import Watch


# Of this session, and not as they were when an experiment began that is gone on with.
ANEW = frozenset(
    {"db", "resume", "cell", "dry_run", "metrics_port", "json", "wait", "max_time", "cluster", *TLS}
)
UNKEPT = frozenset({"cell", "resume", "dry_run", *TLS})


def kept_of(options: argparse.Namespace) -> dict[str, Any]:
    """What an experiment's row keeps of them."""
    return {name: value for name, value in vars(options).items() if name not in UNKEPT}


def gone_on_with(options: argparse.Namespace, command: str) -> argparse.Namespace:
    """As they are, or those of the experiment of ``--resume``, which ``command`` made. Raises
    UsageError where the database has no such experiment, or its cluster is not named.
    """
    if not options.resume:
        return options
    from harness.experiment.row import stored_options

    _, kept = stored_options(options.db, options.resume, (command,), command)
    check_again(options.resume, kept, options)
    own = {name: value for name, value in vars(options).items() if name in ANEW}
    return argparse.Namespace(**{**vars(options), **kept, **own})


def server_of(options: argparse.Namespace) -> "Server":
    """Of ``--provider`` and what goes with it; hosts of a cluster are found when it is entered.
    Raises UsageError for hosts that are not there.
    """
    from harness.experiment.arms import Server
    from infrastructure.hosts.host import ALL_HERE
    from infrastructure.hosts.places import places_of

    return Server(
        options.provider,
        options.broker_url,
        options.yes_flush,
        options.durability == "relaxed",
        ALL_HERE if vars(options).get("cluster") else places_of(vars(options).get("place")),
    )


def typed_again(session: str = "") -> str:
    """The command of this process as a person types it; ``session``: where it has another name."""
    name, *words = without_added(sys.argv[1:]) or [""]  # nothing was typed where Python called us
    return as_typed(session or name, words)


def as_typed(session: str, words: Sequence[str]) -> str:
    return f"nox -s {session}{' -- ' if words else ''}{shlex.join(words)}"


def cells_of(options: argparse.Namespace) -> "Cells":
    """Of ``--cell``, which nox gives."""
    return {(framework, version, python): exe for framework, version, python, exe in options.cell}


class Pieces(TypedDict):
    """The fields of ``InPieces``."""

    cells: "Cells"
    server: "Server"
    database: Path
    seed: int
    quick: bool
    max_time_s: float
    kept: dict[str, Any]
    watch: "Watch"
    typed: str


def pieces_of(options: argparse.Namespace, watch: "Watch") -> Pieces:
    """Of commands that measure within a time, in pieces."""
    from harness.experiment.row import drawn_seed

    return Pieces(
        cells=cells_of(options),
        server=server_of(options),
        database=options.db,
        seed=drawn_seed(options.seed),
        quick=options.quick,
        max_time_s=options.max_time,
        kept=kept_of(options),
        watch=watch,
        typed=typed_again(),
    )
