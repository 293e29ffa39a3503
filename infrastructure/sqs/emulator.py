"""What a server of ours answers beside the SQS protocol."""

import json
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from typing import Any

from infrastructure.processes.child import Child
from infrastructure.sqs.client import ANSWER_S

READY_S = 30.0


def ask(port: int, method: str, path: str) -> Any:
    """What a server of ours answers beside the SQS protocol. Raises OSError, HTTPException."""
    connection = HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)
    try:
        connection.request(method, path)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def wait_ready(child: Child, port: int) -> bool:
    """True when our own server answers there; somebody else's on that port is not an answer."""
    deadline = time.monotonic() + READY_S
    while child.alive() and time.monotonic() < deadline:
        with suppress(OSError, HTTPException, ValueError, KeyError):
            if ask(port, "GET", "/_bench")["pid"] == child.pid:
                return True
        time.sleep(0.02)
    return False
