"""taskiq: coroutines in worker processes, by its own command line; streams or lists of Redis, or
RabbitMQ by taskiq-aio-pika.

A process that reads a stream takes up to ``xread_count`` entries at once and may hold all but one
of them beyond those that it executes: how many varies, unless it reads one at a time. It looks for
what a dead worker held after a read that gave it something, never on a quiet queue. Lists (the
variant) are at most once.

A delay on Redis takes taskiq's scheduler, a process that looks once a second at best. Back-offs
grow by the first each time. Arguments become JSON types before any serializer sees them: bytes
travel as base64. uvloop stands in every cell, and taskiq takes it.
"""

from datetime import UTC, datetime, timedelta
from importlib import metadata
from typing import Any

from taskiq.receiver import Receiver

from tasks import live, plugins, profiles
from tasks.adapter import Launch
from tasks.as_text import as_sent, as_text
from tasks.frameworks.taskiq import brokers, tell, topology, workers
from tasks.frameworks.taskiq.own import SETTINGS
from tasks.probe import Probe, Settings
from tasks.profiles import RETRIES
from tasks.spec import Spec, read_spec

PLUGIN = """\
from taskiq import async_shared_broker

@async_shared_broker.task
async def plugin_{n}(value: int) -> int:
    return value
"""

spec = read_spec()
source = brokers.make_source(spec)
broker = brokers.make_broker(spec, source)
scheduler = brokers.make_scheduler(broker, source)
plugins.load(spec, PLUGIN)


def launch(spec: Spec) -> Launch:
    """Raises Gap."""
    workers.refuse(spec)
    return Launch(
        workers=workers.commands(spec),
        topology=topology.topology_of(spec),
        asked={
            **workers.asked_of(spec),
            "serializer": brokers.serializer_class(spec).__name__,
            **profiles.place_and_version("taskiq"),
        },
        depth=brokers.depth_of(spec),
        source=topology.source_of(spec),
        keys=brokers.keys_of(spec),
        varies=topology.varies(spec),
    )


def read_back() -> Settings:
    """Of the worker that this task runs in, or of a process of its pool."""
    receiver = live.only(Receiver)
    version = metadata.version("taskiq")
    own: Settings = {"framework_version": version, **tell.at_a_time(spec, receiver)}
    if "pool" in own:
        return own
    return {
        **own,
        "acks": receiver.ack_time.value,
        "serializer": type(broker.serializer).__name__,
        "log_level": live.log_level("taskiq"),
        "no_parse": not receiver.validate_params,
        "reads": getattr(broker, "count", None) or getattr(broker, "_qos", None),
        "broker_url": brokers.address_of(broker, spec),
        **SETTINGS.read(spec, worker=receiver, broker=broker),
    }


class Producer:
    """``kiq()`` on a broker of the producer's event loop, or of the worker that it runs in."""

    loop_factory = None

    def __init__(self) -> None:
        self._broker, self._source = broker, source

    async def open(self) -> None:
        self._source = brokers.make_source(spec)
        self._broker = brokers.make_broker(spec, self._source)
        await self._broker.startup()

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> None:
        labels = workers.labels_of(spec, kind, queue)
        task = TASKS[workers.task_of(spec, kind)]
        kicker = task.kicker().with_broker(self._broker).with_labels(**labels)
        if delay_s and self._source:
            due = datetime.now(UTC) + timedelta(seconds=delay_s)
            await kicker.schedule_by_time(self._source, due, seq, kind, as_text(kind, arg))
            return
        if delay_s:
            kicker = kicker.with_labels(delay=delay_s)
        await kicker.kiq(seq, kind, as_text(kind, arg))

    async def call(self, seq: int, kind: str, arg: Any) -> Any:
        sent = await execute.kicker().with_broker(self._broker).kiq(seq, kind, as_text(kind, arg))
        return (await sent.wait_result(timeout=profiles.RESULT_S)).return_value

    async def close(self) -> None:
        await self._broker.shutdown()


probe = Probe(spec, read_back, Producer())


if "periodic" in spec.wants:

    @broker.task(task_name="tick", schedule=[{"interval": 1}])  # type: ignore[untyped-decorator]
    async def tick() -> None:
        await probe.tick_async()


@broker.task(task_name="execute")  # type: ignore[untyped-decorator]
async def execute(seq: int, kind: str, arg: Any) -> int | None:
    return await probe.run_async(seq, kind, as_sent(kind, arg))


@broker.task(task_name="retried", retry_on_error=True, max_retries=1 + RETRIES)  # type: ignore[untyped-decorator]
async def retried(seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, as_sent(kind, arg))


@broker.task(task_name="plain")  # type: ignore[untyped-decorator]
def plain(seq: int, kind: str, arg: Any) -> None:
    """In a thread of the worker, or in a process of its pool."""
    probe.run(seq, kind, as_sent(kind, arg))


TASKS = {"execute": execute, "retried": retried, "plain": plain}


def producer(_spec: Spec) -> Producer:
    return Producer()
