"""What stands, as a table."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from harness.cli.progress import clock
from harness.machine.standing.broker import Standing, standing_in
from harness.machine.standing.logs import log_of
from infrastructure.brokers import service
from infrastructure.clients import forget_client_settings
from infrastructure.errors import UsageError
from infrastructure.processes.folder import is_owned
from infrastructure.servers import answers

WIDE = 240  # columns: a table's address is not folded, so that it can be copied


def status(place: Path, asked: Sequence[str]) -> int:
    """A table of what stands; 1 when one asked for does not, or one that was started died."""
    names = asked or standing_in(place)
    if not names:
        print("no broker is running; start one: nox -s infra -- up redis")
        return 0
    page = Table(box=None, pad_edge=False)
    for title in ("broker", "provider", "version", "process", "since", "holds", "address"):
        page.add_column(title, no_wrap=True)
    fine, remarks = True, []
    for name in names:
        cells, remark = row(place / name)
        page.add_row(name, *cells)
        if remark:
            fine = False
            remarks.append(f"{name}: {remark}")
    Console(width=WIDE, highlight=False).print(page)
    for remark in remarks:
        print(f"\n{remark}")
    return 0 if fine else 1


def row(folder: Path) -> tuple[list[str], str]:
    """The cells of a table's row, and what is wrong, in words; nothing when all is well."""
    standing = Standing.read(folder)
    if standing is None:
        if folder.exists() and is_owned(folder):
            return ["starting"], "it is being started now"
        found = "died while it started" if folder.exists() else "is not running"
        return ["—"], f"it {found}; start it: nox -s infra -- up {folder.name}"
    process = str(standing.pid) if standing.pid is not None else "container"
    cells = [label(standing), standing.version, process, since(standing)]
    if not standing.lives(folder):
        return [*cells, "died", standing.url], (
            f"it died; start it anew: nox -s infra -- up {folder.name}; the end of its log:\n"
            + log_of(folder)
        )
    if not answers(standing.port):
        return [*cells, "no answer", standing.url], (
            f"its process lives, and nothing answers at port {standing.port}; the end of its log:\n"
            + log_of(folder)
        )
    return [*cells, contents(standing), standing.url], ""


def label(standing: Standing) -> str:
    return f"{standing.provider}, relaxed" if standing.relaxed else standing.provider


def since(standing: Standing) -> str:
    begun = datetime.fromtimestamp(standing.since, UTC).astimezone()
    return f"{begun:%Y-%m-%d %H:%M} ({clock(time.time() - standing.since)})"


def contents(standing: Standing) -> str:
    """What it holds, as ``bench`` would find it: that refuses a server which is not empty. Nothing
    is written there, so rights are not tried. It is ours: what is set for other servers is not its.
    """
    forget_client_settings()
    try:
        broker = service(standing.broker).connect(standing.url, (), flush=False, rights=False)
    except UsageError as error:
        said = str(error).partition(": ")[2] or str(error)
        return said.partition(" and would")[0].partition(";")[0].removeprefix("the database holds ")
    held = broker.keys()
    broker.stop()
    return "unknown" if held is None else str(held or "nothing")
