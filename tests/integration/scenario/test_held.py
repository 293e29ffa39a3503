"""A pause that costs a connection is told, and so is one that a log tells of."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.scenario.held import Held
from infrastructure.processes.child import Child
from infrastructure.processes.role import Role

HOLDS = """
import socket, sys
held = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
print("connected", flush=True)
sys.stdin.readline()
held.close()
print("closed", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Child]:
    """It closes its connection at the first line that it is given."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDS, port],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        child = Child(Role.WORKERS, process, tmp_path / "worker.log")
        assert heard(child) == "connected"
        yield child
        child.stop()


def heard(child: Child) -> str:
    assert child.process.stdout is not None
    return child.process.stdout.readline().strip()


def test_a_connection_that_stays_harms_nobody(client: Child) -> None:
    assert Held([client]).harmed() == []


def test_a_closed_connection_is_told(client: Child) -> None:
    held = Held([client])
    assert client.process.stdin is not None
    client.process.stdin.write("close\n")
    client.process.stdin.flush()
    assert heard(client) == "closed"
    assert held.harmed() == ["1 connection closed while the arms took turns"]


@pytest.mark.parametrize("line", ["Ack timeout of task 7", "Connection lost, trying", "timed out"])
def test_what_a_log_says_of_it_is_told(client: Child, line: str) -> None:
    client.log.write_text("connection lost long ago\n")
    held = Held([client])
    with client.log.open("a") as log:
        log.write(f"task 12 done{os.linesep}{line}\n")
    assert held.harmed() == [f"while the arms took turns, worker.log says: {line}"]


def test_what_a_log_said_before_does_not_count(client: Child) -> None:
    client.log.write_text("connection lost long ago\n")
    assert Held([client]).harmed() == []
