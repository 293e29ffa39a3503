"""results.duckdb: short connections, one writer at a time, its schema up to date.

DuckDB lets one process open a file for writing and then excludes all others, so every opening,
reading ones too, is guarded by a lock file.
"""

import errno
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from harness.store.queries import sql
from infrastructure.errors import DatabaseBusy, StoreError

SCHEMA_VERSION = 4
HEADERS = 3 * 4096  # bytes of a file before its first block
CHANGES = (2, 3)  # versions that changed tables; others only added some
LOCK_S = 120.0
# What DuckDB says where another program has the file open, and where a block of it is damaged.
HELD = "IO Error: Could not set lock on file"
DAMAGE = re.compile(
    "^(FATAL Error|INTERNAL Error|Serialization Error|Corrupt database file"
    "|IO Error: Could not read enough bytes)"
)
FULL = tuple(os.strerror(number) for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "v1.4.0",
    "python_enable_replacements": "false",
}


@contextmanager
def open_database(path: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the database for a short while, its schema in place and up to date.

    Raises StoreError when it is damaged or cut short, of a newer schema, busy for two minutes, not
    to be written, or missing while ``read_only``.
    """
    if read_only and not path.exists():
        raise StoreError(
            f'no database {path}: run a bench first, for example: nox -s "bench-3.12(asynctasq)"'
        )
    with turn(path, read_only=read_only), damage_told(path):
        with connect(path, read_only=read_only) as connection:
            if schema_version(connection, path) == SCHEMA_VERSION:
                yield connection
                return
        renew(path, read_only=read_only)
        with connect(path, read_only=read_only) as connection:
            yield connection


def remove_empty(path: Path) -> None:
    """Take a database away that holds no experiment."""
    with turn(path, read_only=False):
        with connect(path, read_only=True) as connection:
            [(measured,)] = connection.execute(sql("any_experiment")).fetchall()
        if not measured:
            path.unlink()


def renew(path: Path, *, read_only: bool) -> None:
    """Bring it up to date. Raises StoreError where that cannot be."""
    try:
        bring_up_to_date(path)
    except StoreError as error:
        if not read_only:
            raise
        why = str(error).splitlines()[0]
        raise StoreError(
            f"{path} has an older schema and has to be upgraded before it can be read: {why}\n"
            "Copy it to where it can be written, and name the copy with --db."
        ) from None


@contextmanager
def turn(path: Path, *, read_only: bool) -> Iterator[None]:
    """Have the lock file. Who only reads where nothing can be written needs none: DuckDB's own
    lock is left, which is waited for too.
    """
    lock = FileLock(f"{path}.lock", timeout=LOCK_S)
    try:
        lock.acquire()
    except Timeout:
        raise DatabaseBusy(
            f"{path} has been in use by another session for {LOCK_S:.0f} s; try again later"
        ) from None
    except OSError as error:
        if error.errno not in FORBIDDEN:
            raise
        if not read_only:
            raise forbidden(path, error) from None
    try:
        yield
    finally:
        lock.release()


def forbidden(path: Path, error: Exception) -> StoreError:
    return StoreError(
        f"{path} cannot be written: {error}\nNothing was changed. Name another file with --db; "
        "results, query, report and export read this one."
    )


@contextmanager
def damage_told(path: Path) -> Iterator[None]:
    """Damage that only reading shows, and a disk that fills up. Raises StoreError."""
    try:
        yield
    except duckdb.Error as error:
        if any(said in str(error) for said in FULL):
            raise full(path, error) from None
        if not DAMAGE.search(str(error)):
            raise
        raise damaged(path, error) from None


def damaged(path: Path, error: Exception | str) -> StoreError:
    return StoreError(
        f"{path} cannot be opened: {error}\nNothing was changed. Name another file with --db."
    )


def full(path: Path, error: Exception) -> StoreError:
    return StoreError(
        f"{path} cannot be written: {error}\nWhat was stored before is intact. Free some space or "
        "name another place with --db."
    )


def connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open the file, waiting for another program that has it open (an analyst's query, say)."""
    deadline = time.monotonic() + LOCK_S
    while True:
        try:
            return opened(path, read_only=read_only)
        except duckdb.Error as error:
            if not str(error).startswith(HELD):
                if any(said in str(error) for said in FULL):
                    raise full(path, error) from None
                refused = not read_only and path.exists() and not os.access(path, os.W_OK)
                raise (forbidden if refused else damaged)(path, error) from None
            if time.monotonic() > deadline:
                raise DatabaseBusy(
                    f"{path} has been open in another program for {LOCK_S:.0f} s: {error}"
                ) from None
        time.sleep(0.2)


def opened(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """A connection to a file that has room for the blocks in use: DuckDB itself would miss one when
    it reads it, or never. Blocks of a log that was left may not be in the file yet.
    """
    logged = path.with_name(f"{path.name}.wal").exists()
    connection = duckdb.connect(str(path), read_only=read_only, config=CONFIG)
    blocks = connection.execute(sql("blocks")).fetchone()
    missing = 0 if logged or not blocks else HEADERS + int(blocks[0]) - path.stat().st_size
    if missing > 0:
        connection.close()
        raise damaged(path, f"the file is cut short, {missing:,} bytes are missing")
    return connection


def bring_up_to_date(path: Path) -> None:
    """Make the tables of a new database, or add what an older one lacks. Raises StoreError."""
    with connect(path, read_only=False) as connection:
        found = schema_version(connection, path)
        connection.begin()
        connection.execute(sql("schema"))
        for version in range(found + 1, SCHEMA_VERSION + 1) if found else ():
            if version in CHANGES:
                connection.execute(sql(f"migrate_{version}"))
        connection.execute(sql("set_schema_version"), {"version": SCHEMA_VERSION})
        connection.commit()


def schema_version(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Its version, 0 for an empty file. Raises StoreError on a newer one and on a foreign file."""
    tables = {name for (name,) in connection.execute(sql("tables_there")).fetchall()}
    if not tables:
        return 0
    if "schema_version" not in tables:
        raise StoreError(f"{path} is a DuckDB file but not one of ours: it has no schema_version")
    found = connection.execute(sql("schema_version")).fetchone()
    version = int(found[0]) if found else 0
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"{path} has schema {version}, this harness writes {SCHEMA_VERSION}: update the project"
        )
    return version
