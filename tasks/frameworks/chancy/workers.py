"""How Chancy's workers and queues are made by profile and scenario, and what they cannot do."""

import os
from typing import Any

from chancy import Chancy, Job, Queue, Worker
from chancy.job import Limit
from chancy.plugins.workflow import Workflow

from tasks import profiles
from tasks.adapter import Gap
from tasks.settings import Own, parameters, taken
from tasks.spec import Spec

DOCS = "https://tkte.ch/chancy"
SOURCES = {
    "matched": f"{profiles.MATCHED_SOURCE}; coroutines, eager polls, no log lines; done jobs stay",
    "default": "chancy --app APP worker start with no options: a process a core, a poll every 5 s",
    "tuned": f"{DOCS}/chancy.executors.asyncex.html: coroutines, its 100 at a time; "
    f"{DOCS}/chancy.queue.html: eager polling; a worker a core, no log lines",
}
GAPS = {
    "events": "Chancy tells of its jobs within the worker, and others only what was pushed",
    "turns": "a queue of Chancy's has slots of its own: what shares them is more urgent or less",
}
TRICKLES = {"", "latency", "cold_start", "fastapi"}  # no backlog of thousands, for hours
COUNT = "SELECT count(*) FROM chancy_jobs WHERE state"
DUE = "coalesce(scheduled_at <= now(), true)"
QUEUE, POOL = "default", "compute"
SETTINGS = Own(
    documented=f"{DOCS}/chancy.queue.html",
    places={
        "queue": taken("polling_interval", "eager_polling", "rate_limit", "rate_limit_window"),
        "worker": taken(
            "heartbeat_poll_interval", "heartbeat_timeout", "queue_change_poll_interval",
            "shutdown_timeout", "backoff_initial", "backoff_max", "backoff_max_retries",
        ),
        "app": taken(
            "min_connection_pool_size", "max_connection_pool_size", "poll_reconnect_timeout",
            "notifications",
        ),
    },
    known=parameters(Queue, Worker, Chancy),
    decided=frozenset({
        "concurrency", "executor", "executor_options", "name", "tags", "dsn", "plugins", "log",
        "prefix",
    }),
)  # fmt: skip
JOBS_PER_CHILD = 100_000  # each start of a process takes a second
topology_of = profiles.coroutines(stock=(os.cpu_count() or 1, 1), tuned=100)


def refuse(spec: Spec) -> None:
    """Raises Gap on what cannot be had, at all or by the stock command line."""
    profiles.refuse(spec, GAPS)
    profiles.refuse_all_but_late_json(spec, "Chancy")
    if spec.profile == "default" and SETTINGS.of(spec, "queue", "worker"):
        raise Gap(
            f"{profiles.STOCK}: its worker makes the queue by itself, with settings of its own"
        )
    if spec.profile == "default" and spec.scenario not in TRICKLES:
        raise Gap(f"{profiles.STOCK}: it takes a job a process every 5 s from a backlog")


def executor_of(spec: Spec) -> str:
    """Of the usual queue."""
    if "threads" in spec.wants:
        return "Threaded"
    alone = "computing" in spec.wants and "waiting" not in spec.wants
    return "Process" if alone or spec.profile == "default" else "Async"


def queues_of(spec: Spec) -> list[Queue]:
    """As they are made; one more for what computes where the rest waits."""
    if spec.profile == "default":
        return [Queue(QUEUE)]
    topology, kind = topology_of(spec), executor_of(spec)
    found = {QUEUE: (kind, topology.slots if kind == "Process" else topology.concurrency)}
    if kind == "Async" and "computing" in spec.wants:
        found[POOL] = ("Process", spec.wants["computing"])
    own = {"eager_polling": True, **SETTINGS.of(spec, "queue")}
    return [queue(name, *each, own) for name, each in found.items()]


def queue(name: str, kind: str, size: int, own: dict[str, Any]) -> Queue:
    options = {"maximum_jobs_per_worker": JOBS_PER_CHILD} if kind == "Process" else {}
    executor = Chancy.Executor[kind].value
    return Queue(name, concurrency=size, executor=executor, executor_options=options, **own)


def told(queue: Queue) -> list[Any]:
    """What a queue's workers are held to."""
    kind = queue.executor.rpartition(".")[2]
    return [kind, queue.concurrency, queue.polling_interval, queue.eager_polling]


def beats(spec: Spec) -> dict[str, Any]:
    """Of a worker: when others hold it for dead, and what the arm sets of it."""
    own = SETTINGS.of(spec, "worker")
    if "redeliver_s" not in spec.wants:
        return own
    beat = {"heartbeat_poll_interval": 1, "heartbeat_timeout": int(spec.wants["redeliver_s"])}
    return {**beat, **own}


def commands(spec: Spec) -> list[list[str]]:
    """One worker where its pool has the processes, else one a process."""
    if spec.profile == "default":
        return [["chancy.cli.cli", "--app", "tasks.frameworks.chancy.app", "worker", "start"]]
    pooled = executor_of(spec) == "Process"
    return [["tasks.worker"]] * (1 if pooled else topology_of(spec).processes)


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to, beside the address and the version."""
    return {
        "queues": {each.name: told(each) for each in queues_of(spec)},
        "log_level": profiles.log_level_of(spec),
        **beats(spec),
    }


def limits_of(spec: Spec, kind: str) -> list[Limit]:
    """Of a job of that kind."""
    limit_s = profiles.timeout_of(spec, kind)
    return [Limit(Limit.Type.TIME, limit_s)] if limit_s else []


def workflow(job: Job, first: int, members: int) -> Workflow:
    """No-ops numbered from ``first`` on, and a step that depends on all of them."""
    found, names = Workflow("group"), [str(seq) for seq in range(first, first + members)]
    for name in names:
        found.add(name, job.with_kwargs(seq=int(name), kind="noop", arg=0))
    return found.add("last", job.with_kwargs(seq=first + members, kind="noop", arg=0), names)


def depth_of(spec: Spec) -> dict[str, list[str]]:
    """Where jobs stand. The scenario's queues are priorities in the one."""
    waiting = f"{COUNT} IN ('pending', 'retrying') AND"
    ranks = [profiles.priority_of(spec, name) for name in profiles.queues_of(spec)]
    ranked = [f" AND priority = {rank}" if "queues" in spec.wants else "" for rank in ranks]
    return {
        "pending": [f"{waiting} {DUE}{rank}" for rank in ranked],
        "in_flight": [f"{COUNT} = 'running'"],
        "delayed": [f"{waiting} NOT {DUE}"],
    }
