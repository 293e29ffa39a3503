"""The floor: redis-py alone, a list of messages and no framework around it.

A message is a line of JSON, and after it the payload where that is bytes. A worker moves one to a
list of its own kind (BLMOVE), runs the body, and removes it (LREM): the least that can be done
without losing a task whose worker dies. There are no retries, no routing and no results, so what
a framework takes above this is the price of all those.
"""

import json
import signal
import sys
from importlib import metadata
from pathlib import Path
from typing import Any, cast

import redis

from tasks.adapter import Gap, Launch
from tasks.probe import Probe, Settings, write_settings
from tasks.spec import BROKER_URL, Spec, Topology, read_spec

QUEUE, PROCESSING = "raw", "raw:processing"
SCENARIOS = {"", "throughput", "latency", "serialization"}  # where a floor says something
WAIT_S = 1

spec = read_spec()


def launch(spec: Spec) -> Launch:
    """Two processes with a task each in every profile. Raises Gap."""
    if spec.scenario not in SCENARIOS:
        raise Gap("the raw client is a floor for throughput, latency and serialization only")
    if "model" in spec.wants:
        raise Gap("the raw client knows no models")
    if spec.wants.get("serializer", "json") != "json":
        raise Gap("the raw client writes JSON only")
    topology = Topology(processes=2, concurrency=1, prefetch=2, acks="late")
    return Launch(
        workers=[["tasks.worker"]] * topology.processes,
        topology=topology,
        asked={"broker_url": BROKER_URL, "framework_version": metadata.version("redis")},
        depth={"pending": [f"list:{QUEUE}"], "in_flight": [f"list:{PROCESSING}"], "delayed": []},
        source="redis-py: BLMOVE, the body, LREM; two processes",
        keys=[QUEUE, PROCESSING],
    )


def connect() -> "redis.Redis":
    return redis.Redis.from_url(spec.broker_url)


def read_back(client: "redis.Redis") -> Settings:
    known = client.connection_pool.connection_kwargs
    url = f"redis://{known['host']}:{known['port']}/{known['db']}"
    return {"broker_url": url, "framework_version": metadata.version("redis")}


def message(seq: int, kind: str, arg: Any) -> bytes:
    """A task as it travels; a payload of bytes follows the line as it is."""
    if kind == "carry" and isinstance(arg[1], bytes):
        return json.dumps([seq, kind, arg[0]]).encode() + b"\n" + arg[1]
    return json.dumps([seq, kind, arg]).encode()


def task(data: bytes) -> tuple[int, str, Any]:
    """The opposite."""
    line, newline, payload = data.partition(b"\n")
    seq, kind, arg = json.loads(line)
    return seq, kind, [arg, payload] if newline else arg


def work(spec: Spec) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    client = connect()
    probe = Probe(spec, lambda: read_back(client))
    write_settings(Path(spec.records), "main", read_back(client))
    while True:
        data = cast("bytes | None", client.blmove(QUEUE, PROCESSING, WAIT_S, "RIGHT", "LEFT"))
        if data is not None:
            probe.run(*task(data))
            client.lrem(PROCESSING, 1, data)  # type: ignore[arg-type]  # bytes are what it holds


class Producer:
    """LPUSH over one connection."""

    def __init__(self) -> None:
        self._client = connect()

    def open(self) -> None:
        self._client.ping()

    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> None:
        if queue or delay_s:
            raise NotImplementedError
        self._client.lpush(QUEUE, message(seq, kind, arg))

    def close(self) -> None:
        """Stays connected for the next phase."""


def producer(_spec: Spec) -> Producer:
    return Producer()
