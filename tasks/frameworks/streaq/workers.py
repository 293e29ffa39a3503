"""How streaQ's workers are started by profile and scenario, and what they cannot do."""

from dataclasses import replace
from typing import Any

from streaq import Worker

from tasks import profiles
from tasks.settings import Own, parameters, taken
from tasks.spec import Spec, Topology

CORES = profiles.usable_cores()
PROFILES = {
    "matched": replace(profiles.MATCHED, prefetch=4),
    "default": Topology(processes=1, concurrency=16, prefetch=32, acks="late"),
    "tuned": Topology(CORES, concurrency=32, prefetch=33 * CORES, acks="late"),
}
SOURCES = {
    "matched": "processes, tasks in flight and late acks of every arm; reserves 4, not 2: one more "
    "than it executes is the least a worker fetches",
    "default": "streaq run MODULE:WORKER with no options: 16 tasks in one process, as many fetched "
    "beside them, two log lines a task",
    "tuned": "https://streaq.readthedocs.io/en/latest/worker.html: uvloop; its repository's "
    "benchmarks/README.md: 32 tasks a process; a process a core, no log lines, and one fetched "
    "beside them, as by default a process keeps 32 that another could execute",
}
GAPS = {
    "events": "streaQ tells who listens that a task has ended, and not that it began",
    "acks=early": "streaQ acknowledges a task when it has ended, always",
}
EVERY_SECOND = "* * * * * * *"  # the seconds first, the year last
SETTINGS = Own(
    documented="https://streaq.readthedocs.io/en/latest/worker.html",
    places={
        "worker": taken(
            "sync_concurrency", "grace_period", "handle_signals",
            prefetch=lambda worker: worker.prefetch - worker.concurrency,
            idle_timeout=lambda worker: worker.idle_timeout / 1000,
        ),
        "task": taken(
            "expire", "max_tries", "retry_timeouts", "silent", "timeout", "ttl", "unique",
        ),
    },
    known=parameters(Worker, Worker.task),
    decided=frozenset({
        "redis_url", "concurrency", "priorities", "queue_name", "serializer", "deserializer",
        "lifespan",
    }),
)  # fmt: skip
IDLE_S = 60  # its default
STOP_S = 8  # a worker that is asked to end waits for its tasks; by default it cancels them


def topology_of(spec: Spec) -> Topology:
    """The profile's, or what the scenario takes, with the least that a worker can fetch."""
    found = profiles.coroutine_topology(spec, PROFILES[spec.profile])
    fetched = found.prefetch if spec.profile == "default" else found.slots + found.processes
    if own := SETTINGS.of(spec, "worker").get("prefetch"):
        fetched = found.slots + found.processes * own
    return replace(found, prefetch=fetched)


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to, beside the address and the version."""
    topology = topology_of(spec)
    return {
        "concurrency": topology.concurrency,
        "fetched": topology.prefetch // topology.processes,
        "queues": ",".join(profiles.queues_of(spec, "normal")),
        "idle_timeout": float(spec.wants.get("redeliver_s", IDLE_S)),
        "ttl": ttl_s(spec),
        "silent": spec.profile != "default",
        "serializer": profiles.serializer_of(spec, "pickle"),
    }


def ttl_s(spec: Spec) -> int:
    """Of a result: none is kept, but for who waits for it, and where tasks are to follow others, as
    by default. Who waits for one that has ended without a result waits for ever.
    """
    return 300 if "group" in spec.wants else int(spec.wants.get("results", 0))


def options_of(spec: Spec) -> dict[str, Any]:
    """Of every task."""
    silent = spec.profile != "default"
    usual = {"ttl": ttl_s(spec), "silent": silent, "max_tries": 1 + profiles.RETRIES}
    return {**usual, **SETTINGS.of(spec, "task")}


def times_of(spec: Spec) -> dict[str, Any]:
    """Of a worker: what it fetches beside what it executes, and how long it waits."""
    topology = topology_of(spec)
    usual = {
        "prefetch": topology.prefetch // topology.processes - topology.concurrency,
        "idle_timeout": spec.wants.get("redeliver_s", IDLE_S),
        "grace_period": 0 if spec.profile == "default" else STOP_S,
    }
    return {**usual, **SETTINGS.of(spec, "worker")}


def task_of(spec: Spec, kind: str) -> str:
    """Name of the task for a body."""
    if profiles.timeout_of(spec, kind):
        return "limited"
    usual = "threaded" if "threads" in spec.wants else "execute"
    return "retried" if kind in profiles.RETRIED else usual


def depth_of(spec: Spec) -> dict[str, list[str]]:
    return profiles.depth_of(
        profiles.queues_of(spec, "normal"),
        pending="lag:streaq:default:queues:{}/workers",
        in_flight="pel:streaq:default:queues:{}/workers",
        delayed="zset:streaq:default:queues:delayed:{}",
    )
