"""When a Redis or Valkey server of ours is ready."""

import time
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from infrastructure.hosts.host import LOOPBACK
from infrastructure.processes.child import Child

READY_S = 10.0


def wait_ready(child: Child, port: int, address: str = LOOPBACK) -> bool:
    """True when our own server answers there; somebody else's on that port is not an answer.

    Without the client's own retries: it would wait longer each time, up to 15 s in all, and not see
    that the server has ended or is there.
    """
    once = Retry(NoBackoff(), 0)
    client: Any = redis.Redis(address, port, socket_timeout=1.0, retry=once)
    deadline = time.monotonic() + READY_S
    try:
        while child.alive() and time.monotonic() < deadline:
            try:
                return bool(client.info("server")["process_id"] == child.pid)
            except (redis.ConnectionError, redis.TimeoutError):
                time.sleep(0.01)
    finally:
        client.close()
    return False
