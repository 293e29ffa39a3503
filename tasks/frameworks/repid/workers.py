"""How Repid's workers are started by profile and scenario, what they cannot do, and where its
messages stand.
"""

from typing import Any

from repid import RedisServer, Repid, SqsServer

from tasks import profiles
from tasks.adapter import Gap
from tasks.settings import BROKER, Own, Reader, parameters, taken
from tasks.spec import Spec, Topology

CORES = profiles.usable_cores()
PROFILES = {
    "matched": profiles.MATCHED,
    "default": Topology(processes=1, concurrency=1000, prefetch=1020, acks="late"),
    "tuned": Topology(CORES, concurrency=100, prefetch=0, acks="late"),
}
BATCH = {"matched": 1, "default": 10, "tuned": 10}
SOURCES = {
    "matched": "processes, tasks in flight and late acks of every arm; reserves 6, not 2: a "
    "process reads two ahead of the one it executes",
    "default": "Repid.run_worker() with no arguments, and a server with none but its address: "
    "1,000 tasks at a time in one process, messages in tens",
    "tuned": "https://repid.aleksul.space: uvloop (benchmarks), several processes, and a limit of "
    "tasks that fits the machine (concurrency limit); a process a core, 100 tasks each",
}
GAPS = {
    "periodic": "Repid has no scheduler",
    "group": "Repid has no messages that wait for others",
    "retry_s": "Repid tries a message again at once (reject) or puts it aside (nack): no back-off",
    "events": "Repid has middlewares within the worker, and no stream of events",
}


def private(*names: str) -> dict[str, Reader]:
    """Settings that a server keeps under their names with an underscore."""
    return {name: f"_{name}" for name in names}


SETTINGS = Own(
    documented="https://repid.aleksul.space",
    places={"worker": taken("graceful_shutdown_time", "messages_limit")},
    on={
        "redis": private(
            "batch_size", "block_ms", "claim_interval", "min_idle_ms", "retry_attempts",
            "retry_delay", "dlq_maxlen",
        ),
        "sqs": private("batch_size", "receive_wait_time_seconds", "visibility_timeout"),
    },
    known=parameters(Repid.run_worker, RedisServer, SqsServer),
    decided=frozenset({"tasks_limit", "dsn", "endpoint_url", "region_name", "server_name"}),
)  # fmt: skip
CHANNEL = "default"
VISIBILITY_S = {"default": 30}  # its own; elsewhere as long as Celery's, for what is read ahead
WAIT_S = {"default": 20}  # of a long poll


def batch_of(spec: Spec) -> int:
    """Messages that a server reads at once."""
    return int(SETTINGS.of(spec, BROKER).get("batch_size", BATCH[spec.profile]))


def pauses(spec: Spec, concurrency: int) -> bool:
    """Whether a process stops reading while all its places are taken."""
    return spec.broker == "redis" and concurrency > 1


def varies(spec: Spec) -> bool:
    """Whether what a process has read ahead depends on how full the batches were that it read: of
    messages that come one by one it has two, of a backlog two whole batches.
    """
    return pauses(spec, topology_of(spec).concurrency)


def topology_of(spec: Spec) -> Topology:
    """The profile's, or what the scenario takes; with what is read ahead at most.

    The message that finds no place makes a process pause (``repid._runner``). By then it has read
    the rest of that batch, and asked for the next. One that cannot pause reads on until as many
    wait for a place as there are places, and a batch behind those.
    """
    found = profiles.coroutine_topology(spec, PROFILES[spec.profile])
    acks, batch = spec.wants.get("acks", found.acks), batch_of(spec)
    waiting = 2 * batch if pauses(spec, found.concurrency) else found.concurrency + batch
    each = waiting if acks == "early" else found.concurrency + waiting
    return Topology(found.processes, found.concurrency, each * found.processes, acks)


def timing_of(spec: Spec) -> dict[str, Any]:
    """How long a dead worker's messages stay with it, as the server has it, and what the arm sets
    of the server beside its batches.
    """
    wanted = spec.wants.get("redeliver_s")
    if spec.broker == "sqs":
        usual = VISIBILITY_S.get(spec.profile, 1800)
        wait_s = WAIT_S.get(spec.profile, 1)
        timing = {"visibility_timeout": wanted or usual, "receive_wait_time_seconds": wait_s}
    elif wanted:
        timing = {"claim_interval": 1.0, "min_idle_ms": 1000 * wanted}
    else:
        timing = {"claim_interval": 0.0}
    own = SETTINGS.of(spec, BROKER)
    return timing | {name: value for name, value in own.items() if name != "batch_size"}


def confirmation_of(spec: Spec) -> str:
    """Before the task, or its default."""
    return "ack_first" if topology_of(spec).acks == "early" else "auto"


def refuse(spec: Spec) -> None:
    """Raises Gap on what cannot be had."""
    profiles.refuse(spec, GAPS)
    if profiles.serializer_of(spec, "json") != "json":
        raise Gap("Repid reads JSON; other bytes are the program's own to write and read")
    if spec.scenario == "scheduling" and spec.broker == "redis":
        raise Gap("Repid has no delayed messages on Redis")


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to, beside the address and the version."""
    return {
        "concurrency": topology_of(spec).concurrency,
        "batch_size": batch_of(spec),
        "confirmation": confirmation_of(spec),
        "queues": ",".join(profiles.queues_of(spec)),
        "converter": "BasicConverter",
        **timing_of(spec),
    }


def places_of(spec: Spec) -> dict[str, Any]:
    """Where messages stand at the broker, and what is made there, as ``Launch`` has it."""
    channels = profiles.queues_of(spec)
    if spec.broker == "sqs":
        made = [*channels, *(f"repid_{channel}_dlq" for channel in channels)]
        depth = dict.fromkeys(("pending", "in_flight", "delayed"), channels)
        lingers_s = float(timing_of(spec)["receive_wait_time_seconds"])
        return {"depth": depth, "keys": made, "queues": made, "lingers_s": lingers_s}
    streams = [f"repid:{channel}/repid:{channel}:group" for channel in channels]
    depth = {
        "pending": [f"lag:{s}" for s in streams],
        "in_flight": [f"pel:{s}" for s in streams],
        "delayed": [],
    }
    return {"depth": depth, "keys": ["repid:*"]}
