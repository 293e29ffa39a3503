"""Starting a Valkey or Redis server of ours."""

from collections.abc import Callable, Mapping
from pathlib import Path

from infrastructure.hosts.host import LOOPBACK
from infrastructure.processes.child import Child
from infrastructure.processes.folder import TrialFolder
from infrastructure.redis.ready import wait_ready
from infrastructure.redis.running import Redis
from infrastructure.servers import start_private

# The pinned configuration: in memory only, loopback only, everything else the server's default.
CONFIG = {"bind": "127.0.0.1", "save": "", "appendonly": "no", "maxmemory": "0", "io-threads": "1"}
# The server's own default keeps no log of commands, so there is nothing to relax.
RELAXED: dict[str, str] = {}
# For scenarios that restart it: everything that was acknowledged is on disk.
DURABLE = {"appendonly": "yes", "appendfsync": "always"}


def server_argv(binary: str, port: int, folder: Path, more: Mapping[str, str]) -> list[str]:
    options = [word for key, value in {**CONFIG, **more}.items() for word in (f"--{key}", value)]
    return [binary, "--port", str(port), "--dir", str(folder), *options]


def start_server(
    program: str, folder: TrialFolder, more: Mapping[str, str], *, durable: bool
) -> Redis:
    """Start a private server on a free port, of loopback unless the trial's roles are on several
    hosts; then whoever is on their network may use it. Raises TrialFailed with its log's end.
    """
    address = folder.places.broker.address
    beyond = {} if address == LOOPBACK else {"bind": address, "protected-mode": "no"}
    options = {**(DURABLE if durable else {}), **more, **beyond}

    def argv_of(port: int) -> list[str]:
        return server_argv(program, port, folder.path, options)

    def use(port: int, child: Child, again: Callable[[], Child]) -> Redis:
        server = Redis(f"redis://{address}:{port}/0", child)
        server.again = again
        return server

    def ready(child: Child, port: int) -> bool:
        return wait_ready(child, port, address)

    return start_private(argv_of, ready, use, folder, "already in use")
