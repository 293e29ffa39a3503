"""taskiq: coroutines in worker processes, by its own command line; streams or lists of Redis, or
RabbitMQ by taskiq-aio-pika.

A process that reads a stream takes up to ``xread_count`` entries at once and may hold that many
more than it executes, so that the gate cannot prove reservations unless it reads one at a time:
elsewhere what a worker holds counts as waiting. It looks for what a dead worker held after a read
that gave it something, never on a quiet queue. Lists (the variant) are at most once.

A delay on Redis takes taskiq's scheduler, a process of its own, which looks once a second at best.
Back-offs are linear: once, twice, three times the first. Arguments become JSON types before any
serializer sees them: bytes travel as base64. uvloop stands in every cell, and taskiq takes it.
"""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

from taskiq import SmartRetryMiddleware, TaskiqScheduler
from taskiq.receiver import Receiver
from taskiq.serializers import JSONSerializer, MSGPackSerializer, PickleSerializer
from taskiq_aio_pika import AioPikaBroker, Queue, QueueType
from taskiq_redis import ListQueueBroker, ListRedisScheduleSource, RedisStreamBroker

from tasks import live, plugins
from tasks.adapter import Gap, Launch
from tasks.as_text import as_sent, as_text
from tasks.probe import Probe, Settings
from tasks.profiles import (
    MATCHED,
    MATCHED_SOURCE,
    RETRIED,
    RETRIES,
    coroutine_topology,
    queues_of,
    refuse,
    serializer_of,
    usable_cores,
)
from tasks.spec import BROKER_URL, Spec, Topology, read_spec
from tasks.work import NotYet

CORES = usable_cores()
PROFILES = {
    "matched": MATCHED,
    "default": Topology(processes=2, concurrency=100, prefetch=0, acks="late"),
    "tuned": Topology(CORES, concurrency=100, prefetch=0, acks="late"),
}
STOCK_COROUTINES = 100
# What a process takes at once: of RabbitMQ, where the stock number bounds what it executes, and of
# a stream.
QOS = {"default": 10, "tuned": 200}
XREAD = {"matched": 1, "default": 100, "tuned": 100}
SOURCES = {
    "matched": f"{MATCHED_SOURCE}: xread_count or qos of 1; classic queues; no log line a task",
    "default": "taskiq worker MODULE:broker: 2 processes, 100 coroutines, xread_count 100 (qos 10 "
    "on RabbitMQ, in quorum queues), a log line a task",
    "tuned": "https://taskiq-python.github.io/guide/cli.html: --max-prefetch for high message "
    "rates, --no-parse; a process a core, no log line a task",
}
AT_MOST_ONCE = "; a list is popped before the task: at most once"
WANTS = {
    "waiting",
    "coroutines",
    "threads",
    "computing",
    "processes",
    "reserved",
    "queues",
    "serializer",
    "retry_s",
    "acks",
    "redeliver_s",
    "onward",
    "web",
    "model",
    "plugins",
}
GAPS = {"events": "taskiq has middlewares within its processes, and no stream of events"}
FACTS = {
    "results": "opt-in",
    "retries": "opt-in: middleware, linear back-off",
    "delay": "RabbitMQ: yes; Redis: by a scheduler process, to the second",
    "priority": "RabbitMQ: yes; Redis: no",
    "cron": "by a scheduler process",
    "events": "no",
    "send": "async",
    "batches": "no",
    "acknowledgement": "after, or before; Redis lists: before",
    "redelivery": "RabbitMQ: at once; Redis streams: 600 s after delivery, when something else is "
    "read; Redis lists: never",
    "licence": "MIT",
}
HEAVY = {"pbkdf2", "spin", "digest"}  # kinds for the process pool where others wait beside them
LOCK_S = 5  # of the look for abandoned entries: without it a worker killed there locks it for ever
DELAYED = "taskiq.delay"
SERIALIZERS = {"json": JSONSerializer, "msgpack": MSGPackSerializer, "pickle": PickleSerializer}
PLUGIN = """\
from taskiq import async_shared_broker

@async_shared_broker.task
async def plugin_{n}(value: int) -> int:
    return value
"""

spec = read_spec()
described = spec.broker_url == BROKER_URL  # there is no broker yet
url = "redis://127.0.0.1" if described else spec.broker_url


def lists(spec: Spec) -> bool:
    return spec.options.get("variant") == "lists"


def coroutines_of(spec: Spec) -> Topology:
    """Processes, and coroutines in each. Raises Gap."""
    return coroutine_topology(spec, PROFILES[spec.profile])


def reads_of(spec: Spec) -> int:
    """Tasks that a process takes at once."""
    at_a_time = coroutines_of(spec).concurrency
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
    prefetch = found.slots if lists(spec) or XREAD[spec.profile] == 1 else 0
    return Topology(found.processes, found.concurrency, prefetch, acks)


def shows_reserved(spec: Spec) -> bool:
    """Whether a stream tells what workers hold beyond what they have acknowledged: not where they
    read many at once, nor where they acknowledge first and hold no other.
    """
    return XREAD[spec.profile] == 1 and spec.wants.get("acks") != "early"


def make_source(spec: Spec) -> Any:
    """Where Redis keeps what is delayed, until the scheduler sends it."""
    return ListRedisScheduleSource(url) if spec.broker == "redis" else None


def make_broker(spec: Spec, source: Any) -> Any:
    """Of one event loop. Connects when it is started."""
    first, *more = queues_of(spec, "taskiq")
    if spec.broker == "rabbitmq":
        kind = QueueType.CLASSIC if spec.profile == "matched" else QueueType.QUORUM
        made = AioPikaBroker(
            url,
            qos=reads_of(spec),
            task_queues=[Queue(name=q, type=kind) for q in (first, *more)],
            dead_letter_queue=Queue(name="taskiq.dead_letter", type=kind),
            delay_queue=Queue(name=DELAYED, type=kind),
        )
    elif lists(spec):
        made = ListQueueBroker(url)
    else:
        idle_s = spec.wants.get("redeliver_s", 600)
        made = RedisStreamBroker(
            url,
            queue_name=first,
            additional_streams=dict.fromkeys(more, ">"),
            consumer_id="0",
            xread_count=XREAD[spec.profile],
            idle_timeout=1000 * idle_s,
            unacknowledged_lock_timeout=None if spec.profile == "default" else LOCK_S,
        )
    if "retry_s" in spec.wants:
        made.add_middlewares(
            SmartRetryMiddleware(
                default_delay=spec.wants["retry_s"],
                use_delay_exponent=True,
                schedule_source=source,
                types_of_exceptions=[NotYet],
            )
        )
    return made.with_serializer(SERIALIZERS[serializer_of(spec, "json")]())


source = make_source(spec)
broker = make_broker(spec, source)
scheduler = TaskiqScheduler(broker, [source] if source else [])
if "plugins" in spec.wants:
    plugins.load(Path(spec.records), spec.wants["plugins"], PLUGIN)


def refuse_more(spec: Spec) -> None:
    """Raises Gap."""
    refuse(spec, WANTS, GAPS)
    if spec.wants.get("model") == "whole":
        raise Gap("taskiq turns arguments into JSON types, whatever the serializer")
    if lists(spec) and (spec.broker != "redis" or "queues" in spec.wants):
        raise Gap("lists are Redis's, and a worker listens to one")
    if lists(spec) and spec.wants.get("acks") == "late":
        raise Gap("taskiq pops from a list before the task: there is nothing to acknowledge late")
    if delays(spec) and spec.profile == "default":
        raise Gap("taskiq's stock scheduler looks for new schedules once a minute")


def delays(spec: Spec) -> bool:
    """Whether the trial needs the scheduler."""
    return spec.broker == "redis" and ("retry_s" in spec.wants or spec.scenario == "scheduling")


def worker_command(spec: Spec) -> list[str]:
    """The stock one when the profile is ``default``."""
    wants, found = spec.wants, coroutines_of(spec)
    command = ["taskiq", "worker", f"{__name__}:broker"]
    if spec.profile != "default":
        command += ["-w", str(found.processes), "--max-async-tasks", str(found.concurrency)]
        command += ["--log-level", "WARNING"]
    if acks_of(spec) != "when_saved":
        command += ["--ack-type", acks_of(spec)]
    if spec.profile == "tuned":
        command += ["--max-prefetch", "100", "--no-parse"]
    if "threads" in wants:
        command += ["--max-threadpool-threads", str(wants["threads"])]
    if in_pool(spec):
        command += ["--use-process-pool", "--max-process-pool-processes", str(wants["computing"])]
    return command


def acks_of(spec: Spec) -> str:
    """As taskiq has it."""
    if topology_of(spec).acks == "early":
        return "when_received"
    return "when_saved" if spec.profile == "default" else "when_executed"


def in_pool(spec: Spec) -> bool:
    """Whether what computes does so in a process pool, beside what waits."""
    return {"waiting", "computing"} <= set(spec.wants)


def launch(spec: Spec) -> Launch:
    """The worker's command, and the scheduler's where tasks are delayed on Redis. Raises Gap."""
    refuse_more(spec)
    queues, quiet = queues_of(spec, "taskiq"), ["--log-level", "WARNING"]
    schedule = ["taskiq", "scheduler", f"{__name__}:scheduler", "--update-interval", "1", *quiet]
    threads = "threads" in spec.wants
    return Launch(
        workers=[worker_command(spec), schedule] if delays(spec) else [worker_command(spec)],
        topology=topology_of(spec),
        asked={
            ("threads" if threads else "coroutines"): coroutines_of(spec).concurrency,
            "acks": acks_of(spec),
            "serializer": SERIALIZERS[serializer_of(spec, "json")].__name__,
            "log_level": "INFO" if spec.profile == "default" else "WARNING",
            "parses": spec.profile != "tuned",
            **({} if lists(spec) else {"reads": reads_of(spec)}),
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("taskiq"),
        },
        depth=depth_of(spec, queues),
        source=SOURCES[spec.profile] + (AT_MOST_ONCE if lists(spec) else ""),
        keys=keys_of(spec.broker, queues),
    )


def depth_of(spec: Spec, queues: list[str]) -> dict[str, list[str]]:
    """Where tasks stand at the broker."""
    if spec.broker == "rabbitmq":
        return {"pending": queues, "in_flight": queues, "delayed": [DELAYED]}
    delayed = ["lists:schedule:time:*"]
    if lists(spec):
        return {"pending": [f"list:{q}" for q in queues], "in_flight": [], "delayed": delayed}
    waiting, held = [f"lag:{q}/taskiq" for q in queues], [f"pel:{q}/taskiq" for q in queues]
    if shows_reserved(spec):
        return {"pending": waiting, "in_flight": held, "delayed": delayed}
    return {"pending": waiting + held, "in_flight": [], "delayed": delayed}


def keys_of(broker: str, queues: list[str]) -> list[str]:
    """What taskiq makes at a broker."""
    if broker == "rabbitmq":
        return [*queues, DELAYED, "taskiq.dead_letter", "exchange:taskiq"]
    return [*queues, "autoclaim:*", "schedule:*"]


def address_of(broker: Any) -> str:
    """Where the live broker is connected to, as the spec has it if it is the same place."""
    if spec.broker == "redis":
        return live.redis_address(broker, spec.broker_url)
    found = broker.read_conn.url
    place = f"{found.host}:{found.port}{found.path}"
    return spec.broker_url if spec.broker_url.endswith(f"@{place}") else f"amqp://{place}"


def named(task: Any) -> str:
    return str(task.get_coro().__qualname__)


def read_back() -> Settings:
    """Of the worker that this task runs in, or of a process of its pool."""
    own: Settings = {"framework_version": metadata.version("taskiq")}
    receiver = live.only(Receiver)
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:  # in a thread, or in a process of the pool
        if in_pool(spec):
            return {**own, "pool": "process"}
        own["threads"] = receiver.executor._max_workers  # noqa: SLF001  nobody else knows
    else:
        inside = sum(named(task) == "Receiver.callback" for task in asyncio.all_tasks())
        own["coroutines"] = receiver.sem._value + inside  # noqa: SLF001
        own["loop"] = type(loop).__module__
    reads = getattr(broker, "count", None) or getattr(broker, "_qos", None)
    return {
        **own,
        "acks": receiver.ack_time.value,
        "serializer": type(broker.serializer).__name__,
        "log_level": logging.getLevelName(logging.getLogger("taskiq").level),
        "parses": receiver.validate_params,
        "reads": reads,
        "broker_url": address_of(broker),
    }


class Producer:
    """``kiq()`` on a broker of the phase's event loop, or of the worker that it runs in."""

    loop_factory = None

    def __init__(self) -> None:
        self._broker, self._source = broker, source

    async def open(self) -> None:
        self._source = make_source(spec)
        self._broker = make_broker(spec, self._source)
        await self._broker.startup()

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> None:
        kicker = task_of(kind).kicker().with_broker(self._broker)
        if "queues" in spec.wants:
            kicker = kicker.with_labels(queue_name=queue or "default")
        if delay_s and self._source:
            due = datetime.now(UTC) + timedelta(seconds=delay_s)
            await kicker.schedule_by_time(self._source, due, seq, kind, as_text(kind, arg))
            return
        if delay_s:
            kicker = kicker.with_labels(delay=delay_s)
        await kicker.kiq(seq, kind, as_text(kind, arg))

    async def close(self) -> None:
        await self._broker.shutdown()


probe = Probe(spec, read_back, Producer())


@broker.task(task_name="execute")  # type: ignore[untyped-decorator]
async def execute(seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, as_sent(kind, arg))


@broker.task(task_name="retried", retry_on_error=True, max_retries=1 + RETRIES)  # type: ignore[untyped-decorator]
async def retried(seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, as_sent(kind, arg))


@broker.task(task_name="plain")  # type: ignore[untyped-decorator]
def plain(seq: int, kind: str, arg: Any) -> None:
    """In a thread of the worker, or in a process of its pool."""
    probe.run(seq, kind, as_sent(kind, arg))


def task_of(kind: str) -> Any:
    if "threads" in spec.wants or (in_pool(spec) and kind in HEAVY):
        return plain
    return retried if kind in RETRIED and "retry_s" in spec.wants else execute


def producer(_spec: Spec) -> Producer:
    return Producer()
