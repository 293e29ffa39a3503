"""Starting a server of tables: its folder, what prepares it, and a port that is free."""

import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from infrastructure.errors import TrialFailed
from infrastructure.processes.child import start
from infrastructure.processes.folder import TrialFolder
from infrastructure.processes.role import Role
from infrastructure.servers import ENVIRONMENT, PORT_TRIES, free_port
from infrastructure.tables.own import Own, wait_ready
from infrastructure.tables.running import Tables

PREPARE_S = 60.0


def make_home(folder: TrialFolder, name: str) -> Path:
    """A folder of a server's own: nobody else can look into it."""
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder.path))


def carry_out(argv: Sequence[str], folder: TrialFolder, what: str) -> None:
    """Run a program that prepares a server to its end. Raises TrialFailed with its log's end."""
    child = start(argv, Role.BROKER, folder, ENVIRONMENT, "broker")
    try:
        code = child.process.wait(PREPARE_S)
    except subprocess.TimeoutExpired:
        raise TrialFailed(f"{what} took over {PREPARE_S:.0f} s: {child.tail()}") from None
    finally:
        child.stop()
    if code:
        raise TrialFailed(f"the broker did not start: {what} failed: {child.tail()}")


def start_own[S: Tables](
    begin: Callable[[int], Own], use: Callable[[Own, int], S], error: type[Exception]
) -> S:
    """What ``use`` makes of a server that ``begin`` started on a free port.

    Raises TrialFailed with the end of the server's log; ``error``: what its client raises.
    """
    for _ in range(PORT_TRIES):
        port = free_port()
        own = begin(port)
        try:
            if wait_ready(own.process, own.is_ready):
                return use(own, port)
        except error as refused:
            own.end(own.process)
            raise TrialFailed(
                f"the broker did not start: {refused}: {own.process.tail()}"
            ) from None
        except BaseException:
            own.end(own.process)
            raise
        own.end(own.process)
        if "already in use" not in own.process.tail():
            break
    raise TrialFailed(f"the broker did not start: {own.process.tail() or own.process.died()}")
