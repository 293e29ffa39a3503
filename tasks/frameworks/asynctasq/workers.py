"""What AsyncTasQ's workers are: what the profile says, what a scenario takes instead, or a gap."""

from importlib import metadata
from typing import Any

from tasks import profiles
from tasks.adapter import Gap
from tasks.frameworks.asynctasq.brokers import BACKENDS
from tasks.frameworks.asynctasq.configuration import SETTINGS
from tasks.profiles import MATCHED_SOURCE, STOCK, queues_of, usable_cores
from tasks.settings import set_of
from tasks.spec import BROKER_URL, Spec, Topology

CORES = usable_cores()
PROFILES = profiles.coroutine_profiles(stock=(1, 10), tuned=10)
SOURCES = {
    "matched": MATCHED_SOURCE,
    "default": "python -m asynctasq worker with no options but its driver, the broker's address "
    "in its environment",
    "tuned": "asynctasq docs/best-practices.md: several worker processes (one a core), "
    "the default concurrency of 10 each; programmatic, so no log line a task",
}
# ``redeliver_s`` is the visibility timeout of a task. It comes to nothing on Redis, where a dead
# worker's tasks stay in ``processing``, and RabbitMQ hands them out again at once.
GAPS = {
    "group": "AsyncTasQ has no groups, and no tasks that wait for others",
    "periodic": "AsyncTasQ has no scheduler",
}
# The pool replaces a process after 100 tasks unless told otherwise, and each start takes a second.
TASKS_PER_CHILD = 100_000


def all_in_pool(spec: Spec) -> bool:
    """Whether every body runs in the process pool."""
    return "computing" in spec.wants and "waiting" not in spec.wants


def topology_of(spec: Spec) -> Topology:
    """The profile's, or what the scenario takes instead. The stock command line stays as it is."""
    usual = PROFILES[spec.profile]
    if spec.profile == "default":
        return Topology(CORES, 1, usual.prefetch, usual.acks) if all_in_pool(spec) else usual
    return profiles.coroutine_topology(spec, usual)


def worker_settings(spec: Spec) -> dict[str, int]:
    """Worker processes to start, and what each is given: concurrency and size of its pool."""
    topology = topology_of(spec)
    if all_in_pool(spec):
        return {"workers": 1, "concurrency": topology.processes, "pool": topology.processes}
    pool = spec.wants.get("computing", 0)
    return {"workers": topology.processes, "concurrency": topology.concurrency, "pool": pool}


def refuse(spec: Spec) -> None:
    """Raises Gap on what cannot be had, at all or by the stock command line."""
    wants = spec.wants
    profiles.refuse(spec, GAPS)
    if wants.get("serializer", "msgpack") != "msgpack":
        raise Gap("AsyncTasQ serializes by msgpack only")
    if wants.get("acks", "late") != "late":
        raise Gap("AsyncTasQ acknowledges after the task, always")
    if wants.get("events") and spec.broker != "redis":
        raise Gap("AsyncTasQ tells its events by Redis only, and a trial has one server")
    if spec.profile != "default":
        return
    if SETTINGS.of(spec, "worker") or (set_of(spec) and all_in_pool(spec)):
        raise Gap(f"{STOCK}: what is set there cannot be given to it, or read back from it")
    if "retry_s" in wants:
        raise Gap("the stock command line of AsyncTasQ tries again after 60 s, and takes no other")
    if wants.get("events"):
        raise Gap("the stock command line of AsyncTasQ has no option that switches events on")
    # It has ten coroutines in one process, however many a scenario wants to wait.
    if "threads" in wants:
        raise Gap(f"{STOCK}: it takes more tasks than it has threads")
    profiles.refuse_stock(spec, topology_of(spec))


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to."""
    stock, own, wants = spec.profile == "default", worker_settings(spec), spec.wants
    version = metadata.version("asynctasq")
    if all_in_pool(spec) and stock:  # nothing of ours runs in the worker itself
        return {"pool": "process", "framework_version": version}
    asked: dict[str, Any] = {
        "concurrency": own["concurrency"],
        "queues": ",".join(queues_of(spec)),
        "driver": BACKENDS[spec.broker].driver,
        "broker_url": BROKER_URL,
        "framework_version": version,
    }
    if own["pool"] and not stock:
        asked |= {"process_pool_size": own["pool"], "tasks_per_child": TASKS_PER_CHILD}
    if "retry_s" in wants:
        asked |= {"retry_s": wants["retry_s"], "retry_strategy": "exponential"}
    if wants.get("events"):
        asked["emitters"] = "LoggingEventEmitter,RedisEventEmitter"
    return asked
