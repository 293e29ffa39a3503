"""The installed RabbitMQ server and the Erlang that it runs on."""

import os
import shutil
from pathlib import Path

from infrastructure.errors import UsageError
from infrastructure.rabbitmq.address import URL
from infrastructure.servers import ask_version

PROVIDERS = ("native",)
SBIN = "/usr/local/sbin:/usr/sbin:/sbin:/opt/homebrew/sbin"  # often not on a user's PATH
DEBIAN = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


def find(provider: str) -> str:
    """The script that becomes the server; Debian's wrapper of it wants the system's own folders."""
    del provider  # there is one
    epmd_program()
    path = f"{os.environ.get('PATH', '')}:{SBIN}"
    if found := shutil.which("rabbitmq-server", path=path):
        for script in (Path(found).resolve().with_name("rabbitmq-server"), DEBIAN):
            if script.with_name("rabbitmq-env").exists():
                return str(script)
        raise UsageError(
            f"--provider native: {found} is not a layout that is known here: no rabbitmq-env "
            "beside the script; install the system's package: nox -s infra -- install rabbitmq"
        )
    raise UsageError(
        "--provider native: no rabbitmq-server on PATH or in an sbin folder; install one: nox -s "
        f"infra -- install rabbitmq; or name a server with --provider url --broker-url {URL}"
    )


def epmd_program() -> str:
    """Erlang's port mapper, which every RabbitMQ server needs beside it."""
    if found := shutil.which("epmd"):
        return found
    raise UsageError(
        "--provider native: no epmd (Erlang) on PATH; it comes with the server: nox -s infra -- "
        "install rabbitmq"
    )


def program_version(program: str) -> str:
    """Read from the name of its own library: ``rabbitmqctl version`` takes 2 s, starts an epmd on
    the default port and leaves it there. Erlang is tried, and named.
    """
    libraries = (Path(program).resolve().parent.parent / "plugins").glob("rabbit-[0-9]*")
    names = [path.name.removesuffix(".ez").removeprefix("rabbit-") for path in libraries]
    if not names:
        raise UsageError(f"{program}: no RabbitMQ beside it (no plugins/rabbit-VERSION)")
    ask = "io:put_chars(erlang:system_info(otp_release)),halt()."
    erlang = ask_version(str(Path(epmd_program()).with_name("erl")), "-noshell", "-eval", ask)
    return f"{names[0]} on Erlang {erlang}"
