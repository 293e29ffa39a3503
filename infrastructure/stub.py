"""The stub framework's broker: a process of ours, for known answers."""

import json
import socket
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from infrastructure.errors import BrokerGap
from infrastructure.processes.child import Child
from infrastructure.processes.folder import TrialFolder
from infrastructure.processes.role import Role
from infrastructure.servers import of_ours, start_on_free_port
from infrastructure.service import Depth

ANSWER_S = 10.0


class StubBroker:
    """A running ``tasks.stub_queue`` and a connection of our own to it."""

    version = "stub 1.0"
    config_hash = "stub"
    sees_in_flight = True

    def __init__(self, address: str, port: int, process: Child, defects: Mapping[str, int]) -> None:
        self.url = f"tcp://{address}:{port}"
        self.process: Child | None = process
        self._socket = socket.create_connection((address, port), timeout=ANSWER_S)
        self._one_at_a_time = threading.Lock()  # the sampler asks too
        self._answers = self._socket.makefile("rb")
        if defects:
            self._ask("break", dict(defects))

    def _ask(self, *command: Any) -> Any:
        with self._one_at_a_time:
            self._socket.sendall(json.dumps(command).encode() + b"\n")
            return json.loads(self._answers.readline())

    def create(self, queues: Sequence[str]) -> None:
        """It has one, always."""

    def depth(self, names: Mapping[str, Sequence[str]]) -> Depth:
        del names  # one queue, and it knows itself
        return Depth(**self._ask("depth"))

    def spoil(self, name: str) -> None:
        raise BrokerGap(f"the stub's broker takes tasks only, into {name} too")

    def commands(self) -> dict[str, int]:
        counts: dict[str, int] = self._ask("commands")
        return {name: n for name, n in counts.items() if name in {"put", "get", "ack"}}

    def late_commands(self) -> dict[str, int]:
        """It tells all at once."""
        return {}

    def traffic(self) -> None:
        """It does not count."""

    def wal(self) -> None:
        """It has no log."""

    def cut_connections(self) -> None:
        raise BrokerGap("the stub's broker does not cut connections")

    def restart(self, after_s: float) -> Child:
        del after_s
        raise BrokerGap("the stub's broker does not restart")

    def memory(self) -> None:
        """It does not say."""

    def stored(self) -> None:
        """It does not say."""

    def keys(self) -> None:
        """It has none."""

    def stop(self) -> None:
        self._answers.close()
        self._socket.close()
        if self.process is not None:
            self.process.stop()


def start_stub(folder: TrialFolder, options: Mapping[str, Any]) -> StubBroker:
    """Start the stub's broker; options named like its defects arm them. Raises TrialFailed."""
    address = folder.places.broker.address
    defects = {k: int(v) for k, v in options.items() if k in DEFECTS}

    def answering(port: int, child: Child) -> StubBroker | None:
        try:
            return StubBroker(address, port, child, defects)
        except ConnectionRefusedError:
            return None

    begin = of_ours("tasks.stub_queue", Role.BROKER, folder, address)
    return start_on_free_port(begin, answering, "the stub's broker")


DEFECTS = ("drop_every", "duplicate_every", "swap_every")
