"""The floor: a broker's client alone, and no framework around it.

A worker claims one message, runs the body, and removes the message: the least that can be done
without losing a task whose worker dies. Whatever a framework sends, claims and acknowledges is as
durable here; the variant ``early`` removes a message first, as some frameworks do. There are no
retries, no routing and no results, so what a framework takes above this is the price of all those.
Each broker is a module of this package, by its name.
"""

from importlib import import_module, metadata
from types import ModuleType

from tasks.adapter import AsyncProducer, Gap, Launch, SyncProducer
from tasks.frameworks.raw.client import VERSION, early
from tasks.profiles import MATCHED
from tasks.spec import BROKER_URL, Spec, Topology

SCENARIOS = {  # where a floor says something
    "", "throughput", "latency", "serialization", "killed", "network_delay",
}  # fmt: skip


def client_of(spec: Spec) -> ModuleType:
    """The module of a broker; no other client is imported."""
    return import_module(f"{__name__}.{spec.broker}")


def launch(spec: Spec) -> Launch:
    """Processes with a task each, two in every profile. Raises Gap."""
    if spec.scenario not in SCENARIOS:
        raise Gap(
            "the raw client is a floor for throughput, latency, serialization, killed and "
            "network_delay only"
        )
    if "model" in spec.wants:
        raise Gap("the raw client knows no models")
    if spec.wants.get("serializer", "json") != "json":
        raise Gap("the raw client writes JSON only")
    module = client_of(spec)
    client, lost = module.CLIENT, early(spec)
    processes = int(spec.wants.get("processes", MATCHED.processes))
    return Launch(
        workers=[["tasks.worker"]] * processes,
        topology=Topology(processes, 1, processes, "early" if lost else "late"),
        asked={
            "broker_url": BROKER_URL,
            "client": f"{client.distribution} {metadata.version(client.distribution)}",
            "framework_version": VERSION,
        },
        depth={
            "pending": [client.pending],
            "in_flight": [] if lost else [client.in_flight],
            "delayed": [],
        },
        source=f"{client.distribution}: {client.steps}; a task at a time in each process"
        + ("; but a message is removed before the body runs" if lost else ""),
        keys=client.keys,
        queues=client.queues,
        before=[["tasks.prepare"]] if hasattr(module, "prepare") else [],
        lingers_s=client.lingers_s,
    )


async def prepare(spec: Spec) -> None:
    await client_of(spec).prepare(spec)


def work(spec: Spec) -> None:
    client_of(spec).work(spec)


def producer(spec: Spec) -> SyncProducer | AsyncProducer:
    made: SyncProducer | AsyncProducer = client_of(spec).Producer(spec)
    return made
