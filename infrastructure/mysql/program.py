"""Installed MariaDB and MySQL servers."""

import os
import shutil
from pathlib import Path

from infrastructure.errors import UsageError
from infrastructure.servers import ENVIRONMENT, ask_version, numbered_version

PROVIDERS = ("native",)
URL = "mysql://USER:PASSWORD@HOST:PORT/DATABASE"


def find(provider: str) -> str:
    """An installed mariadbd or mysqld with what prepares its data folder."""
    for name in ("mariadbd", "mysqld"):
        if program := which(name):
            if is_mariadb(program):
                install_program(program)
            return program
    raise UsageError(
        f"--provider {provider}: no mariadbd or mysqld on PATH or in /usr/sbin; install one: "
        "nox -s infra -- install mysql; or name a server with --provider url --broker-url "
        f"{URL}"
    )


def which(name: str, *folders: Path) -> str | None:
    """Servers stand in sbin, which users rarely have on their PATH."""
    path = [*map(str, folders), os.environ.get("PATH", ""), ENVIRONMENT["PATH"]]
    return shutil.which(name, path=os.pathsep.join(path))


def is_mariadb(program: str) -> bool:
    """By what it says: MariaDB's is called mysqld too."""
    return "MariaDB" in ask_version(program)


def install_program(program: str) -> str:
    base = Path(program).resolve().parent.parent
    if found := which("mariadb-install-db", base / "bin", base / "scripts"):
        return found
    raise UsageError(
        f"{program} is here, but mariadb-install-db, which prepares its data folder, is not on "
        "PATH; install all of the server: nox -s infra -- install mysql"
    )


def program_version(program: str) -> str:
    return numbered_version(program, r"Ver ([\d.]+)")
