"""Starting an SQS emulator of ours."""

import secrets
from collections.abc import Callable, Mapping

from infrastructure.processes.child import Child
from infrastructure.processes.folder import TrialFolder
from infrastructure.servers import hash_of, start_private
from infrastructure.sqs.emulator import ask, wait_ready
from infrastructure.sqs.program import server_argv
from infrastructure.sqs.running import Sqs
from tasks.spec import region_of

# The service keeps every message on several machines: there is nothing to relax.
RELAXED: dict[str, str] = {}


def start_server(
    program: str, folder: TrialFolder, more: Mapping[str, str], *, durable: bool
) -> Sqs:
    """Start a private server on a free loopback port. Raises TrialFailed with its log's end.

    ``durable``: messages are in a database in the trial's folder, in memory alone otherwise.
    """

    def argv_of(port: int) -> list[str]:
        return server_argv(program, str(port), *([str(folder.path / "sqs")] if durable else []))

    def use(port: int, child: Child, again: Callable[[], Child]) -> Sqs:
        # Any key is accepted; a random one is nobody's by accident. The service's own secrets may
        # hold / and +, which are written so in an address.
        access = f"{secrets.token_hex(10)}:{secrets.token_hex(19)}%2F%2B"
        version = ask(port, "GET", "/_bench")["version"]
        known = {"version": version, "region": region_of(""), "durable": durable, **more}
        server = Sqs(f"http://{access}@127.0.0.1:{port}", child, version, hash_of(known))
        server.again = again
        return server

    return start_private(argv_of, wait_ready, use, folder, "EADDRINUSE")
