"""How streaQ's workers are started by profile and scenario, and what they cannot do."""

from dataclasses import replace
from typing import Any

from tasks import profiles
from tasks.adapter import Gap
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
GAPS = {"events": "streaQ tells who listens that a task has ended, and not that it began"}
FACTS = {
    "results": "yes, for 5 min by default",
    "retries": "where the task raises StreaqRetry, 3 attempts by default; else no",
    "delay": "yes",
    "priority": "yes, streams by name",
    "cron": "yes",
    "events": "only that a task has ended, with its result",
    "send": "async",
    "batches": "yes",
    "acknowledgement": "after",
    "redelivery": "yes, idle_timeout (60 s) after the worker last renewed it, and up to as long "
    "again",
    "licence": "MIT",
}
IDLE_S = 60  # its default
STOP_S = 8  # a worker that is asked to end waits for its tasks; by default it cancels them


def refuse(spec: Spec) -> None:
    """Raises Gap on what cannot be had."""
    profiles.refuse(spec, GAPS)
    if spec.wants.get("acks") == "early":
        raise Gap("streaQ acknowledges a task when it has ended, always")


def topology_of(spec: Spec) -> Topology:
    """The profile's, or what the scenario takes, with the least that a worker can fetch."""
    found = profiles.coroutine_topology(spec, PROFILES[spec.profile])
    fetched = found.prefetch if spec.profile == "default" else found.slots + found.processes
    return replace(found, prefetch=fetched)


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to, beside the address and the version."""
    topology = topology_of(spec)
    return {
        "concurrency": topology.concurrency,
        "prefetch": topology.prefetch // topology.processes,
        "queues": ",".join(profiles.queues_of(spec, "normal")),
        "idle_timeout_s": float(spec.wants.get("redeliver_s", IDLE_S)),
        "ttl": 0,
        "silent": spec.profile != "default",
        "serializer": profiles.serializer_of(spec, "pickle"),
    }
