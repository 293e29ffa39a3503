"""What adapters say alike: the matched topology, the sources of profiles, refusals."""

import os
from collections.abc import Iterable

from tasks.adapter import Gap
from tasks.spec import Spec, Topology

MATCHED = Topology(processes=2, concurrency=1, prefetch=2, acks="late")
MATCHED_SOURCE = "same processes, tasks in flight, reservations and late acks for every arm"
STOCK = "the stock command line stays as it is"


def usable_cores() -> int:
    """Cores that this process may run on; ``os.cpu_count`` where a framework counts them all."""
    return len(os.sched_getaffinity(0))


def refuse_unknown(spec: Spec, known: Iterable[str]) -> None:
    """Raises Gap when the scenario takes something of the workers that the adapter cannot give."""
    if unknown := set(spec.wants) - set(known):
        raise Gap(f"the {spec.framework} adapter cannot give: {', '.join(sorted(unknown))}")


def queues_of(spec: Spec, usual: str = "default") -> list[str]:
    """The scenario's queues, the most urgent first, or the framework's usual one."""
    return list(spec.wants.get("queues", [usual]))
