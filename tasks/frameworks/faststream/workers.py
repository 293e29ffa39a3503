"""How FastStream's workers are started by profile and scenario, and what they cannot do."""

from typing import Any

from faststream import AckPolicy
from faststream.rabbit import Channel
from faststream.redis import StreamSub

from tasks import profiles
from tasks.adapter import Gap
from tasks.settings import BROKER, Own, parameters, taken
from tasks.spec import Spec, Topology

CORES = profiles.usable_cores()
PROFILES = {
    "matched": profiles.MATCHED,
    "default": Topology(processes=1, concurrency=1, prefetch=0, acks="late"),
    "tuned": Topology(CORES, concurrency=100, prefetch=0, acks="late"),
}
DOCS = "https://faststream.ag2.ai/latest/getting-started"
SOURCES = {
    "matched": profiles.MATCHED_SOURCE,
    "default": "faststream run MODULE:APP with no options: one message at a time, all there are "
    "fetched at once, two log lines each",
    "tuned": f"{DOCS}/observability/logging: no log lines; {DOCS}/cli: uvloop, several workers, "
    "one a core; https://www.rabbitmq.com/docs/confirms: from 100 messages at a time on",
}
GAPS = {
    "periodic": "FastStream has no scheduler of its own",
    "group": "FastStream has no messages that wait for others",
    "timeout_s": "a handler of FastStream's may take as long as it likes",
    "queues": "FastStream reads all its queues side by side, each with as many tasks at a time as "
    "the others: none comes first",
    "retry_s": "FastStream tries a message again at once, or when a reader claims it: no back-off",
    "results": "FastStream sends a reply to who waits for one, and stores nothing",
    "events": "FastStream has middlewares within the worker, and no stream of events",
}
SETTINGS = Own(
    documented=DOCS,
    places={"app": taken(graceful_timeout="config.broker_config.graceful_timeout")},
    on={
        "redis": taken("polling_interval", "max_records"),
        "rabbitmq": taken("publisher_confirms", "on_return_raises"),
    },
    known=parameters(StreamSub, Channel) | {"graceful_timeout"},
    decided=frozenset({"prefetch_count", "group", "consumer", "stream", "no_ack", "batch"}),
)
READ = {"matched": 1, "default": None, "tuned": 100}  # messages at a time, None for all there are


def reads_of(spec: Spec) -> int | None:
    """Messages of a stream that a process reads at once."""
    reads: int | None = SETTINGS.of(spec, BROKER).get("max_records", READ[spec.profile])
    return reads


def topology_of(spec: Spec) -> Topology:
    """The profile's, or what the scenario takes. On Redis a process reads ahead without a limit
    that could be told, unless it has one message at a time.
    """
    found = profiles.coroutine_topology(spec, PROFILES[spec.profile])
    one = found.concurrency == 1 and spec.profile != "default"
    own = SETTINGS.of(spec, BROKER).get("max_records", 1)
    reserved = own * found.slots if one or spec.broker == "rabbitmq" else 0
    acks = spec.wants.get("acks", found.acks)
    return Topology(found.processes, found.concurrency, reserved, acks)


def varies(spec: Spec) -> bool:
    """Whether a process that works at one message has read what there was beside it."""
    return topology_of(spec).prefetch > topology_of(spec).slots


def policy_of(spec: Spec) -> AckPolicy:
    """Early, or its default."""
    early = topology_of(spec).acks == "early"
    return AckPolicy.ACK_FIRST if early else AckPolicy.REJECT_ON_ERROR


def refuse(spec: Spec) -> None:
    """Raises Gap on what cannot be had."""
    profiles.refuse(spec, GAPS)
    if spec.scenario == "scheduling":
        raise Gap("FastStream has no delayed messages")
    early = topology_of(spec).acks == "early"
    if spec.broker == "rabbitmq" and (early or spec.profile == "default"):
        how = "acknowledged early" if early else "as by default"
        raise Gap(f"messages of RabbitMQ {how}: FastStream executes all there are, side by side")


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to, beside the address and the version."""
    asked = {
        "concurrency": topology_of(spec).concurrency,
        "ack_policy": policy_of(spec).value,
        "log_level": profiles.log_level_of(spec),
    }
    return asked | ({"max_records": reads_of(spec)} if spec.broker == "redis" else {})
