"""Servers of ours: how their programs are asked, ports, and starting them where nobody listens."""

import hashlib
import json
import re
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from infrastructure.errors import TrialFailed, UsageError
from infrastructure.processes.child import HARNESS_PYTHON, Child, start
from infrastructure.processes.folder import TrialFolder
from infrastructure.processes.role import Role
from infrastructure.root import ROOT

# What a server of ours sees of the caller's environment.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8"}
READY_S = 10.0
VERSION_S = 10.0
PORT_TRIES = 5  # another process may take a free port before ours does


def start_private[S](
    argv_of: Callable[[int], list[str]],
    ready: Callable[[Child, int], bool],
    use: Callable[[int, Child, Callable[[], Child]], S],
    folder: TrialFolder,
    taken: str,
) -> S:
    """Start a server on a free loopback port; what ``use`` makes of its port, its process and the
    way to start the same once more.

    ``taken``: what its log says when another has the port, which is then tried again with a new
    one. Raises TrialFailed with its log's end.
    """
    for _ in range(PORT_TRIES):
        port = free_port()
        again = partial(start, argv_of(port), Role.BROKER, folder, ENVIRONMENT, "broker")
        child = again()
        try:
            if ready(child, port):
                return use(port, child, again)
        except BaseException:
            child.stop()
            raise
        child.stop()
        if taken not in child.tail():
            break
    raise TrialFailed(f"the broker did not start: {child.tail() or child.died()}")


def answers(port: int) -> bool:
    """Whether somebody accepts connections on a loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def of_ours(module: str, role: Role, folder: TrialFolder, *more: str) -> Callable[[int], Child]:
    """How a server module of ours is started on a port, in the harness's own environment; ``more``
    words follow the port.
    """

    def begin(port: int) -> Child:
        argv = [HARNESS_PYTHON, "-m", module, str(port), *more]
        return start(argv, role, folder, {"PYTHONPATH": str(ROOT)}, role)

    return begin


def start_on_free_port[T](
    begin: Callable[[int], Child], answering: Callable[[int, Child], T | None], what: str
) -> T:
    """Start a server by ``begin``; what ``answering`` makes of its port and process once it is
    there (None until then). Raises TrialFailed naming ``what``.
    """
    for _ in range(PORT_TRIES):
        port = free_port()
        child = begin(port)
        deadline = time.monotonic() + READY_S
        while child.alive() and time.monotonic() < deadline:
            if (found := answering(port, child)) is not None:
                return found
            time.sleep(0.01)
        child.stop()
    raise TrialFailed(f"{what} did not start: {child.tail() or child.died()}")


def numbered_version(program: str, pattern: str) -> str:
    """What the group of ``pattern`` finds in a program's answer, or all of it."""
    said = ask_version(program)
    number = re.search(pattern, said)
    return number[1] if number else said


def ask_version(program: str, *arguments: str) -> str:
    """The first line a program answers to ``--version``. Raises UsageError when it does not run."""
    asked = [program, *(arguments or ("--version",))]
    try:
        done = subprocess.run(
            asked,
            capture_output=True,
            text=True,
            timeout=VERSION_S,
            check=False,
            env=ENVIRONMENT,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"{program} does not run here: {error}") from None
    lines = (done.stdout or done.stderr).strip().splitlines()
    if done.returncode or not lines:
        raise UsageError(f"{program} does not run here: {' '.join(lines[-1:])}")
    return lines[0]


def hash_of(configuration: Mapping[str, Any]) -> str:
    """SHA-256 of a configuration as the server reports it."""
    return hashlib.sha256(json.dumps(dict(sorted(configuration.items()))).encode()).hexdigest()


def free_port() -> int:
    """A loopback port nobody listens on now. Another may take it: the caller retries."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
