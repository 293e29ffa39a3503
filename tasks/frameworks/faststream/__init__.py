"""FastStream: coroutines, and plain functions in threads, by its own command line; a process a
command. Messages are a stream of Redis read by a group, from which nothing is ever removed, or a
durable queue of RabbitMQ. (Its lists of Redis lose what a dead worker had.)

What is sent before there is a group or a queue is lost, so both are made before the first worker.
On RabbitMQ the limit of tasks at a time is that of unacknowledged messages: without one, as by
default, and where messages are acknowledged as they are taken, a process executes all there are.
Its command line takes uvloop where that is installed, as in a cell.
"""

from importlib import metadata
from typing import Any

from faststream import FastStream

from tasks import live, plugins, profiles
from tasks.adapter import Launch
from tasks.as_text import as_sent, as_text
from tasks.codecs import codec
from tasks.frameworks.faststream import workers
from tasks.frameworks.faststream.brokers import QUEUE, depth_of, loggers, place_of
from tasks.frameworks.faststream.workers import SETTINGS
from tasks.probe import Probe, Settings, note_ready
from tasks.profiles import serializer_of
from tasks.spec import Spec, read_spec

PLUGIN = "async def plugin_{n}(value: int) -> int:\n    return value\n"

spec = read_spec()
serializer = serializer_of(spec, "json")
dump, load = codec(serializer)
place = place_of(spec)
broker: Any = place.broker
app = FastStream(broker, **loggers(spec))


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    workers.refuse(spec)
    topology = workers.topology_of(spec)
    return Launch(
        workers=[["faststream", "run", f"{__name__}:app"]] * topology.processes,
        topology=topology,
        asked={**workers.asked_of(spec), **profiles.place_and_version("faststream")},
        depth=depth_of(spec),
        source=workers.SOURCES[spec.profile],
        keys=[QUEUE, *(f"plugin_{n}" for n in range(spec.wants.get("plugins", 0)))],
        before=[["tasks.prepare"]],
        varies=workers.varies(spec),
    )


def read_back() -> Settings:
    log = broker.config.logger.logger.logger
    return {
        **place.read_back(readers[0]),
        "ack_policy": readers[0].ack_policy.value,
        "log_level": live.log_level(log.name),
        "framework_version": metadata.version("faststream"),
        **SETTINGS.read(spec, app=broker),
    }


class Producer:
    """``publish`` over the broker's connections."""

    loop_factory = None

    async def open(self) -> None:
        await broker.connect()

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> None:
        if queue or delay_s:
            raise NotImplementedError
        message: Any = {"seq": seq, "kind": kind, "arg": arg}
        if serializer == "json":
            message["arg"] = as_text(kind, arg)
        else:
            message = dump(message)
        await broker.publish(message, **place.to)

    async def close(self) -> None:
        await broker.stop()


probe = Probe(spec, read_back, Producer())


@app.after_startup
async def started() -> None:
    """Its hook: connected, its readers at work."""
    note_ready(spec)


async def execute(seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, as_sent(kind, arg))


def threaded(seq: int, kind: str, arg: Any) -> None:
    probe.run(seq, kind, arg)


async def decode(message: Any) -> Any:
    """Of another serializer than its own."""
    return load(message.body)


decoder = {} if serializer == "json" else {"decoder": decode}
readers = [
    broker.subscriber(**options, **decoder, ack_policy=workers.policy_of(spec))
    for options in place.readers(QUEUE)
]
for reader in readers:
    reader(threaded if "threads" in spec.wants else execute)
for module in plugins.load(spec, PLUGIN):
    for options in place.readers(module.__name__):
        broker.subscriber(**options)(getattr(module, module.__name__))


async def prepare(_spec: Spec) -> None:
    """Makes the group or the queue."""
    await place.declare()
    await broker.stop()


def producer(_spec: Spec) -> Producer:
    return Producer()
