"""Dramatiq: threads in worker processes, by its own command line.

On Redis a consumer polls, and sleeps while as many messages are reserved as may be: with one at a
time, as ``matched`` has it, some 7 ms after each task. Each queue has a consumer of its own, so
reservations are a queue's, and urgency (an actor's priority) is among what was fetched. A back-off
is stretched by a random factor from 1 to 2. Its JSON takes no bytes: they travel as base64. An
empty ``queues`` listens to all that are declared, so there is nothing to ask for.
"""

import os
from importlib import metadata
from pathlib import Path
from typing import Any

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AsyncIO

from tasks import plugins
from tasks.adapter import Gap, Launch
from tasks.as_text import as_sent, as_text
from tasks.live import redis_address
from tasks.probe import Probe, Settings
from tasks.profiles import (
    MATCHED,
    MATCHED_SOURCE,
    RETRIED,
    RETRIES,
    queues_of,
    refuse,
    serializer_of,
    thread_topology,
    usable_cores,
)
from tasks.spec import BROKER_URL, Spec, Topology, read_spec

ALL_CORES = os.cpu_count() or 1
PROFILES = {
    "matched": MATCHED,
    "default": Topology(ALL_CORES, concurrency=8, prefetch=16 * ALL_CORES, acks="late"),
    "tuned": Topology(usable_cores(), concurrency=8, prefetch=16 * usable_cores(), acks="late"),
}
SOURCES = {
    "matched": f"{MATCHED_SOURCE} (dramatiq_queue_prefetch=1, of each queue); publisher confirms",
    "default": "dramatiq MODULE with no options: a process a core, 8 threads each, 2 reserved a "
    "thread; no publisher confirms",
    "tuned": "https://dramatiq.io/advanced.html advises gevent for tasks that wait and nothing for "
    "others: a process a usable core, the default of 8 threads; publisher confirms",
}
WANTS = {
    "waiting", "coroutines", "threads", "computing", "processes", "reserved", "queues",
    "serializer", "retry_s", "acks", "redeliver_s", "onward", "web", "model", "plugins",
}  # fmt: skip
GAPS = {"events": "Dramatiq has hooks within its processes, and no stream of events"}
FACTS = {
    "results": "opt-in: Redis, Memcached",
    "retries": "yes: 20 by default, exponential back-off",
    "delay": "yes",
    "priority": "of actors, among what was fetched; on RabbitMQ of messages too",
    "cron": "no",
    "events": "no",
    "send": "sync",
    "batches": "no",
    "acknowledgement": "after",
    "redelivery": "RabbitMQ: at once; Redis: 60 s after the last heartbeat, when one of 1,000 "
    "commands looks for it",
    "licence": "LGPL-3.0-or-later",
}
LOOKS_ALWAYS = 1_000_000  # of a million commands: all look for dead workers
ENCODERS = {"json": dramatiq.JSONEncoder, "pickle": dramatiq.PickleEncoder}
PLUGIN = """\
import dramatiq

@dramatiq.actor
def plugin_{n}(value: int) -> None:
    pass
"""

spec = read_spec()
running: list[Any] = []


class Remember(dramatiq.Middleware):  # type: ignore[misc]
    """Keeps the running worker, so that its settings can be read from it."""

    def before_worker_boot(self, _broker: Any, worker: Any) -> None:
        running.append(worker)  # its threads start before it has booted


def make_broker(spec: Spec) -> Any:
    """Connects with its first command."""
    url = None if spec.broker_url == BROKER_URL else spec.broker_url  # where only described
    if spec.broker == "rabbitmq":
        return RabbitmqBroker(url=url, confirm_delivery=spec.profile != "default")
    if "redeliver_s" not in spec.wants:
        return RedisBroker(url=url)
    dead_ms = 1000 * spec.wants["redeliver_s"]
    return RedisBroker(url=url, heartbeat_timeout=dead_ms, maintenance_chance=LOOKS_ALWAYS)


broker = make_broker(spec)
broker.add_middleware(Remember())
if "coroutines" in spec.wants:
    broker.add_middleware(AsyncIO())
dramatiq.set_broker(broker)
dramatiq.set_encoder(ENCODERS.get(serializer_of(spec, "json"), dramatiq.JSONEncoder)())
if "plugins" in spec.wants:
    plugins.load(Path(spec.records), spec.wants["plugins"], PLUGIN)


def launch(spec: Spec) -> Launch:
    """One command; the stock one when the profile is ``default``. Raises Gap."""
    refuse(spec, WANTS, GAPS)
    serializer, queues = serializer_of(spec, "json"), queues_of(spec)
    if spec.wants.get("acks") == "early":
        raise Gap("Dramatiq acknowledges after the task, always")
    if serializer not in ENCODERS:
        raise Gap("Dramatiq encodes as JSON or pickle")
    topology = thread_topology(spec, PROFILES[spec.profile])
    each = topology.prefetch // topology.processes
    command, environment = ["dramatiq", __name__], {}
    if spec.profile != "default":
        command += ["-p", str(topology.processes), "-t", str(topology.concurrency)]
        environment["dramatiq_queue_prefetch"] = str(each)
    rabbit = spec.broker == "rabbitmq"
    return Launch(
        workers=[command],
        topology=topology,
        asked={
            "concurrency": topology.concurrency,
            "prefetch": each,
            "queues": ",".join(sorted(queues)),
            "serializer": ENCODERS[serializer].__name__,
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("dramatiq"),
            **({"confirms": spec.profile != "default"} if rabbit else {}),
            **({"retry_ms": 1000 * spec.wants["retry_s"]} if "retry_s" in spec.wants else {}),
        },
        depth=depth_of(spec.broker, queues),
        source=SOURCES[spec.profile],
        keys=[q + x for q in queues for x in ("", ".DQ", ".XQ")] if rabbit else ["dramatiq:*"],
        environment=environment,
    )


def depth_of(broker: str, queues: list[str]) -> dict[str, list[str]]:
    """Where tasks stand at the broker. Delayed ones wait in the workers, unacknowledged."""
    late = [f"{q}.DQ" for q in queues]
    if broker == "rabbitmq":
        return {"pending": queues, "in_flight": queues + late, "delayed": late}
    held = [f"sets:dramatiq:__acks__.*.{q}" for q in queues]
    return {
        "pending": [f"list:dramatiq:{q}" for q in queues],
        "in_flight": held,
        "delayed": [f"list:dramatiq:{q}" for q in late] + [f"{name}.DQ" for name in held],
    }


def address_of(broker: Any) -> str:
    """Where the live broker connects to, as the spec has it if it is the same place."""
    if spec.broker == "redis":
        return redis_address(broker.client, spec.broker_url)
    asked, found = type(broker.parameters)(spec.broker_url), broker.parameters
    return spec.broker_url if found == asked else f"amqp://{found.host}:{found.port}"


def read_back() -> Settings:
    (worker,) = running
    delayed = {name for name in worker.consumers if name.endswith(".DQ")}
    return {
        "concurrency": worker.worker_threads,
        "prefetch": worker.queue_prefetch,
        "queues": ",".join(sorted(set(worker.consumers) - delayed)),
        "serializer": type(dramatiq.get_encoder()).__name__,
        "broker_url": address_of(worker.broker),
        "framework_version": metadata.version("dramatiq"),
        "confirms": getattr(worker.broker, "confirm_delivery", False),
        "heartbeat_timeout_ms": vars(worker.broker).get("heartbeat_timeout", 0),
        "retry_ms": RETRYING[queues_of(spec)[0]].options.get("min_backoff"),
        "worker_timeout_ms": worker.worker_timeout,
    }


class Producer:
    """``enqueue`` of a message of the queue's actor."""

    def open(self) -> None:
        """Connect, so that the first send does not; other threads connect with theirs."""
        _ = broker.channel if spec.broker == "rabbitmq" else broker.client.ping()

    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> None:
        actor = (RETRYING if kind in RETRIED else EXECUTE)[queue or USUAL]
        delay_ms = round(1000 * delay_s) or None
        actor.send_with_options(args=(seq, kind, as_text(kind, arg)), delay=delay_ms)

    def close(self) -> None:
        """The process ends next, and its connections with it."""


probe = Probe(spec, read_back, Producer())


def run(seq: int, kind: str, arg: Any) -> None:
    probe.run(seq, kind, as_sent(kind, arg))


async def run_async(seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, as_sent(kind, arg))


def actors(name: str, **options: Any) -> dict[str, Any]:
    """An actor for every queue, the most urgent first; the stock ones have one priority."""
    body = run_async if "coroutines" in spec.wants else run
    return {
        queue: dramatiq.actor(
            body, actor_name=f"{name}-{queue}", queue_name=queue,
            priority=0 if spec.profile == "default" else place, **options,
        )
        for place, queue in enumerate(queues_of(spec))
    }  # fmt: skip


EXECUTE = actors("execute", max_retries=0)
RETRYING = actors("retrying", max_retries=RETRIES, min_backoff=1000 * spec.wants.get("retry_s", 15))
USUAL = "default"


def producer(_spec: Spec) -> Producer:
    return Producer()
