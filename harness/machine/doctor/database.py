"""Topic of the database: its folder, its state and what a killed session left."""

import shutil
import tempfile
from pathlib import Path

from harness.machine.doctor.findings import Finding, Topic, first_line, gib, missing, ok, warning
from harness.machine.reading import UNREADABLE
from harness.store import database as store
from harness.store.queries import sql
from infrastructure.errors import BenchError
from infrastructure.processes.folder import leftovers, spool_of

LEAST_DISK = 2 * 2**30  # bytes; a cell's profiles of one full session are some 50 MB


def database_topic(path: Path) -> Topic:
    return lambda _matrix: [folder(path.parent), disk(path.parent), state(path), spool(path)]


def folder(path: Path) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=path):
            return ok("folder", f"{path} is writable")
    except OSError as error:
        return missing("folder", f"{path}: {error.strerror}", "name another file with --db")


def disk(path: Path) -> Finding:
    try:
        free = shutil.disk_usage(path).free
    except OSError as error:
        return warning("disk", f"{UNREADABLE}: {error.strerror}", "name another file with --db")
    if free < LEAST_DISK:
        return warning(
            "disk", f"{gib(free)} free", f"make room: {gib(LEAST_DISK)} is a safe amount"
        )
    return ok("disk", f"{gib(free)} free")


def state(path: Path) -> Finding:
    """Missing, sound (with its trials by status), or what is wrong with it."""
    if not path.exists():
        return ok("database", f"{path.name}: not there yet", "the first bench makes it")
    try:
        with store.open_database(path, read_only=True) as connection:
            counted = connection.execute(sql("trials_by_status")).fetchall()
    except (BenchError, OSError) as error:
        return missing(
            "database", first_line(error), "move it away, or name another file with --db"
        )
    trials = ", ".join(f"{count} {status}" for status, count in counted) or "none"
    return ok("database", f"{path.name}: schema {store.SCHEMA_VERSION}, trials: {trials}")


def spool(path: Path) -> Finding:
    """Trials of killed sessions, and of sessions that run now."""
    place = spool_of(path)
    stale = list(leftovers(place))
    if stale:
        return warning(
            "leftovers",
            ", ".join(p.name for p in stale),
            "a session was killed here; the next bench stores its trials and ends its processes",
        )
    running = [p.name for p in place.iterdir() if p.is_dir()] if place.is_dir() else []
    if running:
        return warning(
            "leftovers", f"none; now running: {', '.join(running)}", "wait until it ends"
        )
    return ok("leftovers", "none")
