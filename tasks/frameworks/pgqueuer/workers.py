"""How PgQueuer's workers are started by profile and scenario, and what they cannot do."""

from dataclasses import replace
from typing import Any

from pgqueuer import PgQueuer

from tasks import profiles
from tasks.adapter import Gap
from tasks.settings import Own, parameters, taken, words
from tasks.spec import Spec, Topology

CORES = profiles.usable_cores()
LEAST, STOCK_LIMIT = 2, 100  # tasks at a time
PROFILES = {
    "matched": Topology(processes=2, concurrency=LEAST, prefetch=2 * LEAST, acks="late"),
    "default": Topology(1, STOCK_LIMIT, STOCK_LIMIT, acks="late"),
    "tuned": Topology(CORES, concurrency=100, prefetch=100 * CORES, acks="late"),
}
BATCHES = {"matched": 1, "default": 10, "tuned": 20}
TUNING = "https://janbjorge.github.io/pgqueuer/guides/performance-tuning"
SOURCES = {
    "matched": f"{profiles.MATCHED_SOURCE}; but two tasks a process, the least that it takes",
    "default": "pgq run FACTORY with no options: batches of 10; its tasks in flight, which have no "
    f"limit, are held to {STOCK_LIMIT} by the entrypoint",
    "tuned": f"{TUNING}: batches of 20, 100 tasks at a time, pgq autovac; a process a core",
}
GAPS = {
    "group": "PgQueuer has no jobs that wait for others",
    "events": "PgQueuer tells that its table has changed, not which task",
    "timeout_s": "a job of PgQueuer's may take as long as it likes",
}
COUNT = "SELECT count(*) FROM pgqueuer WHERE entrypoint = '{}' AND status = "
DEAD = ["SELECT count(*) FROM pgqueuer_log WHERE status = 'exception'"]
DUE = "execute_after <= now()"
SETTINGS = Own(
    documented="https://janbjorge.github.io/pgqueuer/",
    places={
        "run": taken(
            "batch_size",
            "dequeue_timeout",
            "heartbeat_timeout",
            "shutdown_on_listener_failure",
        ),
        "entrypoint": taken("on_failure"),
    },
    known=parameters(PgQueuer.run, PgQueuer.entrypoint),
    decided=frozenset({"max_concurrent_tasks", "concurrency_limit", "mode", "name"}),
)


def refuse(spec: Spec) -> None:
    """Raises Gap on what cannot be had."""
    profiles.refuse(spec, GAPS)
    if profiles.serializer_of(spec, "json") != "json":
        raise Gap("PgQueuer carries bytes; what makes them of an object is not its own")
    profiles.refuse_all_but_late_json(spec, "PgQueuer")
    if "threads" in spec.wants and spec.profile == "default":
        raise Gap(f"{profiles.STOCK}: it takes more tasks than it has threads")


def topology_of(spec: Spec) -> Topology:
    """No process has less than two tasks at a time."""
    if spec.wants.get("reserved", LEAST) < LEAST:
        raise Gap("a PgQueuer worker takes two tasks at a time, or more")
    found = profiles.coroutine_topology(spec, PROFILES[spec.profile])
    each = max(found.concurrency, LEAST)
    return replace(found, concurrency=each, prefetch=found.processes * each)


def options_of(spec: Spec) -> dict[str, Any]:
    """What ``pgq run`` is told; nothing by the profile ``default``."""
    found: dict[str, Any] = {}
    if spec.profile != "default":
        most = topology_of(spec).concurrency
        found = {
            "batch_size": min(BATCHES[spec.profile], most // 2),
            "max_concurrent_tasks": most,
        }
    if "redeliver_s" in spec.wants:
        found["heartbeat_timeout"] = float(spec.wants["redeliver_s"])
    return {**found, **SETTINGS.of(spec, "run")}


def command(spec: Spec) -> list[str]:
    return ["pgqueuer", "run", "tasks.frameworks.pgqueuer:factory", *words(options_of(spec))]


def limit_of(spec: Spec) -> int:
    """Of tasks in flight of an entrypoint, over all workers; 0 is none."""
    return STOCK_LIMIT if spec.profile == "default" else 0


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to, beside the address and the version."""
    return {
        "batch_size": BATCHES["default"],
        "max_concurrent_tasks": None,
        "heartbeat_timeout": 30.0,
        "entrypoints": dict.fromkeys(profiles.queues_of(spec), limit_of(spec)),
        **options_of(spec),
    }


def depth_of(spec: Spec) -> dict[str, list[str]]:
    queues = profiles.queues_of(spec)
    return profiles.rows_of(queues, COUNT, DUE, waiting="queued", running="picked")
