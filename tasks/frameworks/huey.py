"""Huey: processes or threads of one consumer, by its own command line.

A task is popped before it runs: at most once, always, and nothing is reserved that the broker could
tell of. The signal that lets tasks end is SIGINT unless ``-g TERM`` says otherwise, as every
profile but ``default`` does: there SIGTERM cuts tasks off, and they are lost. A consumer serves one
queue, so the scenario's queues are priorities in it, on Redis in another storage. Delays and
back-offs take its scheduler, a process or thread of the consumer, which looks once a second.
"""

import logging
from importlib import metadata
from pathlib import Path
from typing import Any

from huey import PostgresHuey, PriorityRedisHuey, RedisHuey
from huey.consumer import Consumer

from tasks import live, plugins
from tasks.adapter import Gap, Launch
from tasks.probe import Probe, Settings
from tasks.profiles import (
    MATCHED_SOURCE,
    RETRIED,
    RETRIES,
    STOCK,
    coroutine_topology,
    queues_of,
    refuse,
    serializer_of,
    usable_cores,
)
from tasks.spec import BROKER_URL, Spec, Topology, read_spec

PROCESSES = {"matched": 2, "default": 1, "tuned": usable_cores()}
SOURCES = {
    "matched": f"{MATCHED_SOURCE}; but tasks are popped before they run, at most once; no results, "
    "no log lines",
    "default": "huey_consumer MODULE.huey with no options: one thread, two log lines a task",
    "tuned": "https://huey.readthedocs.io/en/latest/consumer.html: processes for what computes, "
    "one a core, threads for what waits; no results, no log lines",
}
WANTS = {
    "waiting", "threads", "computing", "processes", "reserved", "queues", "serializer", "retry_s",
    "acks", "redeliver_s", "onward", "web", "model", "plugins",
}  # fmt: skip
GAPS = {
    "coroutines": "Huey does not run coroutines",
    "events": "Huey has signals within the consumer, and no stream of events",
}
FACTS = {
    "results": "yes, kept until they are read",
    "retries": "opt-in: a number, a delay and its factor",
    "delay": "yes, to the second",
    "priority": "yes; on Redis in a storage of its own",
    "cron": "yes",
    "events": "no",
    "send": "sync",
    "batches": "no",
    "acknowledgement": "before",
    "redelivery": "never: the task is lost",
    "licence": "MIT",
}
NAME = "bench"
PLUGIN = """\
from tasks.frameworks.huey import huey

@huey.task()
def plugin_{n}(value):
    return value
"""

spec = read_spec()


def make_huey(spec: Spec) -> Any:
    """Connects with its first command; tables are made beforehand: two that come to none fail."""
    results = spec.profile == "default"
    if spec.broker == "postgresql":
        return PostgresHuey(NAME, results=results, dsn=spec.broker_url, create_tables=False)
    url = None if spec.broker_url == BROKER_URL else spec.broker_url  # where only described
    kind = PriorityRedisHuey if "queues" in spec.wants else RedisHuey
    return kind(NAME, results=results, url=url)


huey = make_huey(spec)


async def prepare(_spec: Spec) -> None:
    huey.storage.initialize_schema()


def topology_of(spec: Spec) -> Topology:
    """Raises Gap where the stock command line would be something else."""
    usual = PROCESSES[spec.profile]
    found = coroutine_topology(spec, Topology(usual, 1, usual, "early"))
    if "threads" in spec.wants and spec.profile == "default":
        raise Gap(f"{STOCK}: its threads are 1, not {spec.wants['threads']}")
    return found


def launch(spec: Spec) -> Launch:
    """A consumer of processes, or for what waits one of threads a process. Raises Gap."""
    refuse(spec, WANTS, GAPS)
    if spec.wants.get("acks") == "late":
        raise Gap("Huey pops a task before it runs: there is nothing to acknowledge afterwards")
    if serializer_of(spec, "pickle") != "pickle":
        raise Gap("Huey pickles, or serializes by a class of one's own")
    topology = topology_of(spec)
    threads = topology.concurrency > 1 or spec.profile == "default"
    workers = topology.concurrency if threads else topology.processes
    command = ["huey.bin.huey_consumer", f"{__name__}.huey"]
    if spec.profile != "default":
        kind = "thread" if threads else "process"
        command += ["-k", kind, "-w", str(workers), "-g", "TERM", "-q"]
    return Launch(
        workers=[command] * (topology.processes if threads else 1),
        topology=topology,
        asked={
            "workers": workers,
            "worker_type": "thread" if threads else "process",
            "graceful_signal": "INT" if spec.profile == "default" else "TERM",
            "results": spec.profile == "default",
            "log_level": "INFO" if spec.profile == "default" else "WARNING",
            "storage": storage_of(spec),
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("huey"),
        },
        depth=depth_of(spec),
        source=SOURCES[spec.profile],
        keys=["huey.*"] if spec.broker == "redis" else
        [f"huey_{table}" for table in ("kv", "schedule", "task", "counter")],
        before=[["tasks.prepare"]] if spec.broker == "postgresql" else [],
    )  # fmt: skip


def storage_of(spec: Spec) -> str:
    if spec.broker == "postgresql":
        return "PostgresStorage"
    return "PriorityRedisStorage" if "queues" in spec.wants else "RedisStorage"


def urgency(spec: Spec) -> dict[str, int]:
    """Priority of each of the scenario's queues: the higher, the sooner."""
    return {queue: place for place, queue in enumerate(reversed(queues_of(spec)))}


def depth_of(spec: Spec) -> dict[str, list[str]]:
    """Where tasks stand at the broker; what is at work stands nowhere."""
    priorities = [urgency(spec)[queue] for queue in queues_of(spec)]
    if spec.broker == "postgresql":
        count = "SELECT count(*) FROM huey_task WHERE priority ="
        pending = [f"{count} {priority}" for priority in priorities]
        delayed = ["SELECT count(*) FROM huey_schedule"]
    elif "queues" in spec.wants:  # the lower the score, the sooner
        pending = [f"scored:huey.redis.{NAME}/{-priority}" for priority in priorities]
        delayed = [f"zset:huey.schedule.{NAME}"]
    else:
        pending, delayed = [f"list:huey.redis.{NAME}"], [f"zset:huey.schedule.{NAME}"]
    return {"pending": pending, "in_flight": [], "delayed": delayed}


def address_of(storage: Any) -> str:
    """Where the live storage is connected to, as the spec has it if it is the same place."""
    if spec.broker == "redis":
        return live.redis_address(storage.conn, spec.broker_url)
    found = storage.conn.info
    return live.database_address(spec.broker_url, found.host, found.port, found.user, found.dbname)


def read_back() -> Settings:
    consumer = live.only(Consumer)
    return {
        "workers": consumer.workers,
        "worker_type": consumer.worker_type,
        "graceful_signal": consumer.graceful_signal,
        "scheduler_interval_s": consumer.scheduler_interval,
        "results": consumer.huey.results,
        "log_level": logging.getLevelName(logging.getLogger("huey").level),
        "storage": type(consumer.huey.storage).__name__,
        "broker_url": address_of(consumer.huey.storage),
        "framework_version": metadata.version("huey"),
    }


class Producer:
    """A call of the task, which enqueues it."""

    def open(self) -> None:
        """Connect, so that the first send does not."""
        huey.storage.queue_size()

    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> None:
        task = retried if kind in RETRIED else execute
        options: dict[str, Any] = {"delay": delay_s} if delay_s else {}
        if "queues" in spec.wants:
            options["priority"] = urgency(spec)[queue or "default"]
        task(seq, kind, arg, **options)

    def close(self) -> None:
        """The process ends next, and its connections with it."""


probe = Probe(spec, read_back, Producer())


@huey.task()  # type: ignore[untyped-decorator]
def execute(seq: int, kind: str, arg: Any) -> None:
    probe.run(seq, kind, arg)


@huey.task(retries=RETRIES, retry_delay=spec.wants.get("retry_s", 1), retry_backoff=2)  # type: ignore[untyped-decorator]
def retried(seq: int, kind: str, arg: Any) -> None:
    probe.run(seq, kind, arg)


if "plugins" in spec.wants:
    plugins.load(Path(spec.records), spec.wants["plugins"], PLUGIN)


def producer(_spec: Spec) -> Producer:
    return Producer()
