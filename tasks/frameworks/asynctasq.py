"""AsyncTasQ: coroutine tasks; its stock command line, or a programmatic worker a process.

The command line cannot set everything it offers (some flags do nothing), so profiles other than
``default`` run :class:`asynctasq.Worker` directly. Settings are read from the live Worker object.
"""

import asyncio
import gc
import os
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import asynctasq
import uvloop
from asynctasq import Config, DriverFactory, RedisConfig, Worker
from asynctasq.core.dispatcher import cleanup, get_dispatcher

from tasks.adapter import Launch
from tasks.probe import Probe, Settings
from tasks.spec import BROKER_URL, Spec, Topology, read_spec

CORES = len(os.sched_getaffinity(0))
PROFILES = {
    "matched": Topology(processes=2, concurrency=1, prefetch=2, acks="late"),
    "default": Topology(processes=1, concurrency=10, prefetch=10, acks="late"),
    "tuned": Topology(CORES, concurrency=10, prefetch=10 * CORES, acks="late"),
}
SOURCES = {
    "matched": "same processes, tasks in flight, reservations and late acks for every arm",
    "default": "python -m asynctasq worker with no options but the broker's address",
    "tuned": "asynctasq docs/best-practices.md: several worker processes (one a core), "
    "the default concurrency of 10 each; programmatic, so no log line a task",
}

spec = read_spec()


def configure(spec: Spec) -> None:
    asynctasq.init({"driver": "redis", "redis": RedisConfig(url=spec.broker_url)})


def launch(spec: Spec) -> Launch:
    """One command a worker process."""
    topology = PROFILES[spec.profile]
    stock = ["asynctasq", "worker", "--driver", "redis", "--redis-url", BROKER_URL]
    command = stock if spec.profile == "default" else ["tasks.worker"]
    return Launch(
        workers=[command] * topology.processes,
        topology=topology,
        asked={
            "concurrency": topology.concurrency,
            "queues": "default",
            "driver": "RedisDriver",
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("asynctasq"),
        },
        depth={
            "pending": ["list:queue:default"],
            "in_flight": ["list:queue:default:processing"],
            "delayed": ["zset:queue:default:delayed"],
        },
        source=SOURCES[spec.profile],
        keys=["queue:default", "queue:default:*"],
    )


def live_worker() -> Worker:
    """The Worker object of this process. Raises RuntimeError unless there is exactly one."""
    found = [o for o in gc.get_objects() if isinstance(o, Worker)]
    if len(found) != 1:
        raise RuntimeError(f"expected one asynctasq Worker in this process, found {len(found)}")
    return found[0]


def read_back() -> Settings:
    worker = live_worker()
    driver: Any = worker.queue_driver
    return {
        "concurrency": worker.concurrency,
        "queues": ",".join(worker.queues),
        "driver": type(driver).__name__,
        "broker_url": driver.url,
        "max_connections": driver.max_connections,
        "keep_completed_tasks": driver.keep_completed_tasks,
        "process_pool_size": worker.process_pool_size,
        "loop": type(asyncio.get_running_loop()).__module__,
        "entry": Path(sys.argv[0]).parent.name,
        "framework_version": metadata.version("asynctasq"),
    }


probe = Probe(spec, read_back)


@asynctasq.task
async def execute(seq: int, kind: str, arg: int) -> None:
    await probe.run_async(seq, kind, arg)


def work(spec: Spec) -> None:
    """The programmatic worker: what the command line does, without its logging."""
    configure(spec)
    topology = PROFILES[spec.profile]
    driver = DriverFactory.create("redis", Config.get())
    worker = Worker(queue_driver=driver, queues=["default"], concurrency=topology.concurrency)
    asynctasq.run(worker.start())


class Producer:
    """``dispatch()`` on the loop that ``asynctasq.run`` uses."""

    loop_factory = staticmethod(uvloop.new_event_loop)

    async def open(self) -> None:
        """Connect: the driver would do it in the first dispatch, which is measured."""
        configure(spec)
        await get_dispatcher().driver.get_queue_size("default", False, False)

    async def send(self, seq: int, kind: str, arg: int) -> None:
        await execute(seq, kind, arg).dispatch()

    async def close(self) -> None:
        await cleanup()  # the driver belongs to this phase's event loop


def producer(_spec: Spec) -> Producer:
    return Producer()
