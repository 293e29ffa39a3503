"""The stub: a queue of our own with a stated service time, on the same path as the real ones.

Options (``Spec.options``): ``service_us`` adds a stated service time to every load task, ``loops``
a computation of so many rounds,
``crowd_us`` to every load and held task for each thousand that wait;
``fail_every`` makes every n-th load task raise; the worker that gets load task ``deaf_at`` lives on
after it and asks for no more; the one that did load task ``crash_at`` ends with exit code 1.
``clock: virtual`` replaces waiting by
arithmetic, with ``stall_at_ns`` and ``stall_ns`` for one stop of the server. In virtual time
start = max(intended, end of the task before), end = start + service: what a textbook queue
does, stamped by the same probe and read by the same code as everything else. There ``noise`` and
``block_noise`` are standard deviations of the logarithm of a factor on the service time: one drawn
for the trial, from its seed and ``salt``, one that all arms with that seed share.
The intended time arrives as the task's argument. ``processes`` sets the number of workers.
"""

from pathlib import Path

from tasks.adapter import Gap, Launch
from tasks.frameworks.stub.client import Client, Producer
from tasks.frameworks.stub.worker import ALWAYS, Worker, is_load, read_back
from tasks.probe import write_settings
from tasks.spec import Spec, Topology

__all__ = ["Client", "Producer", "Worker", "is_load", "launch", "producer", "read_back", "work"]

LACKING = {
    "queues", "onward", "events", "reserved", "web", "model", "plugins", "coroutines", "threads",
    "group", "turns", "timeout_s", "periodic",
}  # fmt: skip


def topology_of(spec: Spec) -> Topology:
    named = ("waiting", "computing", "processes")
    wanted = next((spec.wants[name] for name in named if name in spec.wants), 2)
    processes = int(spec.options.get("processes", wanted))
    return Topology(processes=processes, concurrency=1, prefetch=processes, acks="late")


def launch(spec: Spec) -> Launch:
    if lacking := LACKING & set(spec.wants):
        raise Gap(f"the stub has no {', '.join(sorted(lacking))}")
    topology = topology_of(spec)
    return Launch(
        workers=[["tasks.worker"]] * topology.processes,
        topology=topology,
        asked=ALWAYS,
        depth={"pending": ["fifo:stub"], "in_flight": ["fifo:stub"], "delayed": []},
        source="the stub has one profile",
    )


def work(spec: Spec) -> None:
    worker = Worker(spec)
    write_settings(Path(spec.records), "main", read_back())
    worker.run()


def producer(spec: Spec) -> Producer:
    return Producer(spec)
