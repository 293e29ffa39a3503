"""The stub framework's broker: a process of ours, for known answers."""

import json
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from harness.errors import TrialFailed
from harness.folder import TrialFolder
from harness.processes import HARNESS_PYTHON, ROOT, Child, start
from infrastructure.service import PORT_TRIES, Depth, free_port

READY_S = 10.0
ANSWER_S = 10.0


class StubBroker:
    """A running ``tasks.stub_queue`` and a connection of our own to it."""

    version = "stub 1.0"
    config_hash = "stub"

    def __init__(self, port: int, process: Child, defects: Mapping[str, int]) -> None:
        self.url = f"tcp://127.0.0.1:{port}"
        self.process: Child | None = process
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_S)
        self._one_at_a_time = threading.Lock()  # the sampler asks too
        self._answers = self._socket.makefile("rb")
        if defects:
            self._ask("break", dict(defects))

    def _ask(self, *command: Any) -> Any:
        with self._one_at_a_time:
            self._socket.sendall(json.dumps(command).encode() + b"\n")
            return json.loads(self._answers.readline())

    def depth(self, names: Mapping[str, Sequence[str]]) -> Depth:
        del names  # one queue, and it knows itself
        return Depth(**self._ask("depth"))

    def commands(self) -> dict[str, int]:
        counts: dict[str, int] = self._ask("commands")
        return {name: n for name, n in counts.items() if name in {"put", "get", "ack"}}

    def cut_connections(self) -> None:
        raise TrialFailed("the stub's broker does not cut connections")

    def restart(self, after_s: float) -> Child:
        del after_s
        raise TrialFailed("the stub's broker does not restart")

    def memory(self) -> None:
        """It does not say."""

    def stop(self) -> None:
        self._answers.close()
        self._socket.close()
        if self.process is not None:
            self.process.stop()


def start_stub(folder: TrialFolder, options: Mapping[str, Any]) -> StubBroker:
    """Start the stub's broker; options named like its defects arm them. Raises TrialFailed."""
    defects = {k: int(v) for k, v in options.items() if k in DEFECTS}
    for _ in range(PORT_TRIES):
        port = free_port()
        argv = [HARNESS_PYTHON, "-m", "tasks.stub_queue", str(port)]
        child = start(argv, "broker", folder, {"PYTHONPATH": str(ROOT)}, "broker")
        deadline = time.monotonic() + READY_S
        while child.alive() and time.monotonic() < deadline:
            try:
                return StubBroker(port, child, defects)
            except ConnectionRefusedError:
                time.sleep(0.01)
        child.stop()
    raise TrialFailed(f"the stub's broker did not start: {child.tail() or child.died()}")


DEFECTS = ("drop_every", "duplicate_every", "swap_every")
