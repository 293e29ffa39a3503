"""How Dramatiq's workers are started by profile and scenario, what they cannot do, and where its
messages stand.
"""

import os
from dataclasses import replace
from typing import Any

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker

from tasks import profiles
from tasks.adapter import Gap
from tasks.profiles import MATCHED, MATCHED_SOURCE, queues_of, usable_cores
from tasks.settings import Own, parameters, taken
from tasks.spec import Spec, Topology

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
GAPS = {
    "periodic": "Dramatiq has no scheduler of its own",
    "events": "Dramatiq has hooks within its processes, and no stream of events",
    "acks=early": "Dramatiq acknowledges after the task, always",
}
VARIABLES = taken(
    dramatiq_queue_prefetch="queue_prefetch", dramatiq_delay_queue_prefetch="delay_prefetch",
    dramatiq_worker_timeout="worker_timeout",
)  # fmt: skip
SETTINGS = Own(
    documented="https://dramatiq.io/reference.html",
    places={
        "environment": VARIABLES,
        "actor": taken(
            "max_retries", "min_backoff", "max_backoff", "time_limit", "max_age", "notify_shutdown",
        ),
    },
    on={
        "redis": taken("maintenance_chance", "heartbeat_timeout", "dead_message_ttl"),
        "rabbitmq": taken("confirm_delivery", "max_priority"),
    },
    known=VARIABLES.keys() | parameters(
        dramatiq.actor, RedisBroker, RabbitmqBroker,
        *(dramatiq.middleware.default_middleware),
    ),
    decided=frozenset({"namespace", "url", "client", "queue_name", "actor_name", "priority"}),
)  # fmt: skip


def refuse(spec: Spec) -> None:
    """Raises Gap on what cannot be had."""
    profiles.refuse(spec, GAPS, {"results"})
    if "group" in spec.wants and spec.broker != "redis":
        raise Gap("Dramatiq counts a group's members in Redis, and a trial has one server")
    if "results" in spec.wants and spec.broker != "redis":
        raise Gap("Dramatiq's results are kept by Redis, and a trial has one server")
    if profiles.serializer_of(spec, "json") not in {"json", "pickle"}:
        raise Gap("Dramatiq encodes as JSON or pickle")


def topology_of(spec: Spec) -> Topology:
    found = profiles.thread_topology(spec, PROFILES[spec.profile])
    own = SETTINGS.of(spec, "environment").get("dramatiq_queue_prefetch")
    return replace(found, prefetch=own * found.processes) if own else found


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to, beside the serializer, the address and the version."""
    topology = topology_of(spec)
    return {
        "concurrency": topology.concurrency,
        "prefetch": topology.prefetch // topology.processes,
        "queues": ",".join(sorted(queues_of(spec))),
        **({"confirm_delivery": spec.profile != "default"} if spec.broker == "rabbitmq" else {}),
        **({"retry_ms": 1000 * spec.wants["retry_s"]} if "retry_s" in spec.wants else {}),
    }


def keys_of(broker: str, queues: list[str]) -> list[str]:
    """What Dramatiq makes at the broker."""
    if broker == "rabbitmq":
        return [queue + suffix for queue in queues for suffix in ("", ".DQ", ".XQ")]
    return ["dramatiq:*"]


def dead_of(broker: str, queues: list[str]) -> list[str]:
    """Where messages stand whose retries are over."""
    late = [f"{q}.XQ" for q in queues]
    return late if broker == "rabbitmq" else [f"zset:dramatiq:{q}" for q in late]


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
