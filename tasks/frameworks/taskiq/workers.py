"""taskiq's workers: what each profile and scenario takes of its command line."""

import asyncio
from typing import Any

from tasks import profiles
from tasks.adapter import Gap
from tasks.frameworks.taskiq.own import SETTINGS
from tasks.profiles import MATCHED_SOURCE, coroutine_topology
from tasks.settings import BROKER, words
from tasks.spec import Spec, Topology

MAIN = "tasks.frameworks.taskiq"
STOCK_COROUTINES = AHEAD = 100
PROFILES = profiles.coroutine_profiles(stock=(2, STOCK_COROUTINES), tuned=STOCK_COROUTINES)
# What a process takes at once: of a stream, and of RabbitMQ, where the stock number bounds what it
# executes.
XREAD = {"matched": 1, "default": 100, "tuned": 100}
QOS = {"default": 10, "tuned": STOCK_COROUTINES + AHEAD}
SOURCES = {
    "matched": f"{MATCHED_SOURCE}: xread_count or qos of 1; classic queues; no log line a task",
    "default": "taskiq worker MODULE:broker: 2 processes, 100 coroutines, xread_count 100 (qos 10 "
    "on RabbitMQ, in quorum queues), a log line a task",
    "tuned": "https://taskiq-python.github.io/guide/cli.html: --max-prefetch for high message "
    "rates, --no-parse; a process a core, no log line a task",
}
AT_MOST_ONCE = "; a list is popped before the task: at most once"
GAPS = {
    "group": "pipelines are a package of their own, taskiq-pipelines, which is not in this cell",
    "events": "taskiq has middlewares within its processes, and no stream of events",
    "model=whole": "taskiq turns arguments into JSON types, whatever the serializer",
}


def lists(spec: Spec) -> bool:
    """Whether the variant is of Redis lists, not streams."""
    return spec.options.get("variant") == "lists"


def delays(spec: Spec) -> bool:
    """Whether the trial needs the scheduler."""
    return spec.broker == "redis" and ("retry_s" in spec.wants or spec.scenario == "scheduling")


def labels_of(spec: Spec, kind: str, queue: str) -> dict[str, Any]:
    """Of a task of that kind."""
    limit_s = profiles.timeout_of(spec, kind)
    found: dict[str, Any] = {"timeout": limit_s} if limit_s else {}
    return found | ({"queue_name": queue or "default"} if "queues" in spec.wants else {})


def named(task: Any) -> str:
    """The function that an asyncio task runs."""
    return str(task.get_coro().__qualname__)


def in_pool(spec: Spec) -> bool:
    """Whether what computes does so in a process pool, beside what waits."""
    return {"waiting", "computing"} <= set(spec.wants)


def coroutines_of(spec: Spec) -> Topology:
    """Processes, and coroutines in each. Raises Gap."""
    return coroutine_topology(spec, PROFILES[spec.profile])


def reads_of(spec: Spec) -> int:
    """Tasks that a process takes at once."""
    at_a_time, own = coroutines_of(spec).concurrency, SETTINGS.of(spec, BROKER)
    if reads := own.get("xread_count", own.get("qos")):
        return int(reads)
    if spec.broker != "rabbitmq":
        return XREAD[spec.profile]
    return QOS.get(spec.profile, at_a_time) if at_a_time == STOCK_COROUTINES else at_a_time


def topology_of(spec: Spec) -> Topology:
    """Raises Gap."""
    found, reads = coroutines_of(spec), reads_of(spec)
    acks = "early" if lists(spec) else str(spec.wants.get("acks", found.acks))
    if spec.broker == "rabbitmq":
        slots = min(found.concurrency, reads)
        return Topology(found.processes, slots, found.processes * reads, acks)
    ahead = AHEAD if spec.profile == "tuned" else 0
    most = found.concurrency + ahead + (0 if lists(spec) else reads - 1)
    return Topology(found.processes, found.concurrency, found.processes * most, acks)


def executing() -> int:
    """Tasks at work in this process, of its event loop's."""
    return sum(named(task) == "Receiver.callback" for task in asyncio.all_tasks())


def source_of(spec: Spec) -> str:
    return SOURCES[spec.profile] + (AT_MOST_ONCE if lists(spec) else "")


def acks_of(spec: Spec) -> str:
    """As taskiq has it."""
    if topology_of(spec).acks == "early":
        return "when_received"
    return "when_saved" if spec.profile == "default" else "when_executed"


def varies(spec: Spec) -> bool:
    """Whether a worker holds some number between what it executes and the most. With early acks it
    holds none that the stream could tell of; what is held of a quorum queue is told late.
    """
    if spec.broker == "rabbitmq":
        return spec.profile != "matched"
    return reads_of(spec) > 1 or acks_of(spec) == "when_received"


def refuse(spec: Spec) -> None:
    """Raises Gap."""
    profiles.refuse(spec, GAPS, {"results"})
    if "results" in spec.wants and spec.broker != "redis":
        raise Gap("taskiq's results are kept by Redis, and a trial has one server")
    if lists(spec) and (spec.broker != "redis" or "queues" in spec.wants):
        raise Gap("lists are Redis's, and a worker listens to one")
    if lists(spec) and SETTINGS.of(spec, BROKER):
        raise Gap("what is set is of streams: lists have none of it")
    if lists(spec) and spec.wants.get("acks") == "late":
        raise Gap("taskiq pops from a list before the task: there is nothing to acknowledge late")
    if delays(spec) and spec.profile == "default":
        raise Gap("taskiq's stock scheduler looks for new schedules once a minute")


def commands(spec: Spec) -> list[list[str]]:
    """The worker's, and the scheduler's where tasks are delayed on Redis."""
    schedule = ["taskiq", "scheduler", f"{MAIN}:scheduler", "--update-interval", "1"]
    quiet = ["--log-level", "WARNING"]
    scheduled = delays(spec) or "periodic" in spec.wants
    return [worker(spec), [*schedule, *quiet]] if scheduled else [worker(spec)]


def worker(spec: Spec) -> list[str]:
    """The stock command when the profile is ``default``."""
    wants, found = spec.wants, coroutines_of(spec)
    command = ["taskiq", "worker", f"{MAIN}:broker"]
    if spec.profile != "default":
        command += ["-w", str(found.processes), "--max-async-tasks", str(found.concurrency)]
        command += ["--log-level", "WARNING"]
    if acks_of(spec) != "when_saved":
        command += ["--ack-type", acks_of(spec)]
    if spec.profile == "tuned":
        command += ["--max-prefetch", str(AHEAD), "--no-parse"]
    if "threads" in wants:
        command += ["--max-threadpool-threads", str(wants["threads"])]
    if in_pool(spec):
        command += ["--use-process-pool", "--max-process-pool-processes", str(wants["computing"])]
    return command + words(SETTINGS.of(spec, "worker"))


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to, beside the serializer, the address and the version."""
    at_a_time = "threads" if "threads" in spec.wants else "coroutines"
    return {
        at_a_time: coroutines_of(spec).concurrency,
        "acks": acks_of(spec),
        "log_level": "INFO" if spec.profile == "default" else "WARNING",
        "no_parse": spec.profile == "tuned",
        **({} if lists(spec) else {"reads": reads_of(spec)}),
    }
