"""Dramatiq: threads in worker processes, by its own command line.

On Redis a consumer polls, and sleeps while as many messages are reserved as may be: with one at a
time, as ``matched`` has it, some 7 ms after each task. Each queue has a consumer of its own, so
reservations are a queue's, and urgency (an actor's priority) is among what was fetched. A back-off
is stretched by a random factor from 1 to 2. Its JSON takes no bytes: they travel as base64. An
empty ``queues`` listens to all that are declared, so there is nothing to ask for.
"""

from typing import Any

import dramatiq

from tasks import plugins, profiles
from tasks.adapter import Launch
from tasks.as_text import as_sent, as_text
from tasks.frameworks.dramatiq import brokers, workers
from tasks.frameworks.dramatiq.workers import SETTINGS
from tasks.probe import Probe, Settings
from tasks.profiles import RESULT_S, RETRIED, RETRIES, queues_of
from tasks.spec import Spec, read_spec

PLUGIN = """\
import dramatiq

@dramatiq.actor
def plugin_{n}(value: int) -> None:
    pass
"""

spec = read_spec()
broker = brokers.make_broker(spec)
for middleware in brokers.middleware_of(spec, broker):
    broker.add_middleware(middleware)
dramatiq.set_broker(broker)
dramatiq.set_encoder(brokers.encoder_of(spec)())
plugins.load(spec, PLUGIN)


def launch(spec: Spec) -> Launch:
    """One command; the stock one when the profile is ``default``. Raises Gap."""
    workers.refuse(spec)
    topology = workers.topology_of(spec)
    command, environment = ["dramatiq", __name__], {}
    if spec.profile != "default":
        command += ["-p", str(topology.processes), "-t", str(topology.concurrency)]
        environment["dramatiq_queue_prefetch"] = str(topology.prefetch // topology.processes)
    own = SETTINGS.of(spec, "environment")
    return Launch(
        workers=[command],
        topology=topology,
        dead=workers.dead_of(spec.broker, queues_of(spec)),
        asked={
            **workers.asked_of(spec),
            "serializer": brokers.encoder_of(spec).__name__,
            **profiles.place_and_version("dramatiq"),
        },
        depth=workers.depth_of(spec.broker, queues_of(spec)),
        source=workers.SOURCES[spec.profile],
        keys=workers.keys_of(spec.broker, queues_of(spec)),
        environment={**environment, **{name: str(value) for name, value in own.items()}},
    )


def read_back() -> Settings:
    (worker,) = brokers.running
    delayed = {name for name in worker.consumers if name.endswith(".DQ")}
    return {
        "concurrency": worker.worker_threads,
        "prefetch": worker.queue_prefetch,
        "queues": ",".join(sorted(set(worker.consumers) - delayed)),
        "serializer": type(dramatiq.get_encoder()).__name__,
        **profiles.place_and_version("dramatiq", brokers.address_of(worker.broker, spec)),
        "confirm_delivery": getattr(worker.broker, "confirm_delivery", False),
        "heartbeat_timeout_ms": vars(worker.broker).get("heartbeat_timeout", 0),
        "retry_ms": RETRYING[queues_of(spec)[0]].options.get("min_backoff"),
        "worker_timeout_ms": worker.worker_timeout,
        **SETTINGS.read(
            spec, environment=worker, broker=worker.broker, actor=EXECUTE[USUAL].options
        ),
    }


class Producer:
    """``enqueue`` of a message of the queue's actor."""

    def open(self) -> None:
        """Connect, so that the first send does not; other threads connect with theirs."""
        _ = broker.channel if spec.broker == "rabbitmq" else broker.client.ping()

    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> None:
        actor = (RETRYING if kind in RETRIED else EXECUTE)[queue or USUAL]
        delay_ms = round(1000 * delay_s) or None
        limit_s = profiles.timeout_of(spec, kind)
        options = {"time_limit": 1000 * limit_s} if limit_s else {}
        actor.send_with_options(args=(seq, kind, as_text(kind, arg)), delay=delay_ms, **options)

    def send_group(self, first: int, members: int) -> None:
        """A group with a completion callback."""
        execute = EXECUTE[USUAL]
        of = [execute.message(seq, "noop", 0) for seq in range(first, first + members)]
        sent = dramatiq.group(of)
        sent.add_completion_callback(execute.message(first + members, "noop", 0))
        sent.run()

    def call(self, seq: int, kind: str, arg: Any) -> Any:
        message = EXECUTE[USUAL].send(seq, kind, as_text(kind, arg))
        return message.get_result(block=True, timeout=round(1000 * RESULT_S))

    def close(self) -> None:
        """The process ends next, and its connections with it."""


probe = Probe(spec, read_back, Producer())


def run(seq: int, kind: str, arg: Any) -> int | None:
    return probe.run(seq, kind, as_sent(kind, arg))


async def run_async(seq: int, kind: str, arg: Any) -> int | None:
    return await probe.run_async(seq, kind, as_sent(kind, arg))


def actors(name: str, **options: Any) -> dict[str, Any]:
    """An actor for every queue, the most urgent first; the stock ones have one priority."""
    body = run_async if "coroutines" in spec.wants else run
    return {
        queue: dramatiq.actor(
            body, actor_name=f"{name}-{queue}", queue_name=queue,
            priority=0 if spec.profile == "default" or "turns" in spec.wants else place, **options,
        )
        for place, queue in enumerate(queues_of(spec))
    }  # fmt: skip


OWN = SETTINGS.of(spec, "actor")
EXECUTE = actors("execute", **{"max_retries": 0, **OWN})
AGAIN = {"max_retries": RETRIES, "min_backoff": 1000 * spec.wants.get("retry_s", 15)}
RETRYING = actors("retrying", **{**OWN, **AGAIN})
USUAL = "default"


def producer(_spec: Spec) -> Producer:
    return Producer()
