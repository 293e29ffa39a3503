"""Oban: coroutine workers on PostgreSQL; a process has so many of a queue.

The stock command line runs a process with ten at a time, on uvloop, and logs two lines of JSON a
job. It takes the times of its lifeline from a file only, so profiles other than ``default`` run the
``Oban`` object, on uvloop with orjson as the command line does, without its log. A job is
``executing`` until its end is written, for all that ended, before the next ones are fetched; its
row stays for a day. Delayed jobs are found by a stager, once a second. JSON knows no bytes: they go
as base64.

Settings are read from the live Oban object; its log level from ``logging``.
"""

import asyncio
import logging
import signal
from importlib import metadata
from pathlib import Path
from typing import Any

import orjson
import uvloop
from oban import Oban, worker
from psycopg.types.json import set_json_dumps, set_json_loads

from tasks import plugins
from tasks.adapter import Gap, Launch
from tasks.as_text import as_sent, as_text
from tasks.probe import Probe, Settings, note_ready
from tasks.profiles import (
    MATCHED,
    MATCHED_SOURCE,
    STOCK,
    coroutine_topology,
    refuse,
    usable_cores,
)
from tasks.spec import BROKER_URL, Spec, Topology, read_spec

CORES = usable_cores()
PROFILES = {
    "matched": MATCHED,
    "default": Topology(processes=1, concurrency=10, prefetch=10, acks="late"),
    "tuned": Topology(CORES, concurrency=20, prefetch=20 * CORES, acks="late"),
}
DOCS = "https://oban.pro/docs/py"
SOURCES = {
    "matched": f"{MATCHED_SOURCE}; done jobs stay for a day, no log lines",
    "default": "oban start with its ten jobs of the queue default, the one that its pages start",
    "tuned": f"{DOCS}/defining_queues.html: a node a core, 20 jobs at a time; no log lines",
}
WANTS = {
    "waiting", "coroutines", "computing", "processes", "reserved", "serializer", "retry_s", "acks",
    "redeliver_s", "onward", "web", "model", "plugins",
}  # fmt: skip
GAPS = {
    "threads": "Oban runs coroutines, and has no threads for functions that block",
    "queues": "a queue of Oban's has slots of its own in every node: none waits for another",
    "events": "Oban tells its telemetry within the process only",
}
FACTS = {
    "results": "yes, Record, with the job",
    "retries": "yes, up to 20 attempts with jittered backoff by default",
    "delay": "yes, found once a second",
    "priority": "yes, of a job, 0 to 9",
    "cron": "yes",
    "events": "within the process",
    "send": "async",
    "batches": "yes, enqueue_many",
    "acknowledgement": "after, in batches before the next fetch",
    "redelivery": "yes, by the leader, 5 to 6 min after a job's start by default",
    "licence": "Apache-2.0",
}
QUEUE, ATTEMPTS = "default", 6
PLUGIN = """\
from oban import job

@job(queue="default")
async def plugin_{n}(value: int) -> int:
    return value
"""

spec = read_spec()
set_json_dumps(orjson.dumps)
set_json_loads(orjson.loads)


def lifeline(spec: Spec) -> dict[str, float]:
    """When jobs that were begun and not ended are given back."""
    if "redeliver_s" not in spec.wants:
        return {}
    return {"interval": 1.0, "rescue_after": float(spec.wants["redeliver_s"])}


def refuse_all(spec: Spec) -> None:
    """Raises Gap on what cannot be had, at all or by the stock command line."""
    refuse(spec, WANTS, GAPS)
    if spec.wants.get("serializer", "json") != "json" or spec.wants.get("model") == "whole":
        raise Gap("Oban keeps a job's arguments as JSON, always")
    if spec.wants.get("acks", "late") != "late":
        raise Gap("a job of Oban's is done when it has ended, always")
    if "redeliver_s" in spec.wants and spec.profile == "default":
        raise Gap(f"{STOCK}: a job is given back 300 s after its start")


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    refuse_all(spec)
    topology = coroutine_topology(spec, PROFILES[spec.profile])
    cli = ["oban", "start", "--queues", f"{QUEUE}:{topology.concurrency}"]
    stock = spec.profile == "default"
    count = "SELECT count(*) FROM oban_jobs WHERE state"
    return Launch(
        workers=[cli if stock else ["tasks.worker"]] * topology.processes,
        before=[["oban", "install"]],
        environment={"OBAN_DSN": BROKER_URL},
        topology=topology,
        asked={
            "queues": {QUEUE: topology.concurrency},
            "log_level": "INFO" if stock else "WARNING",
            "loop": "uvloop",
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("oban"),
            **lifeline(spec),
        },
        depth={
            "pending": [f"{count} = 'available'"],
            "in_flight": [f"{count} = 'executing'"],
            "delayed": [f"{count} IN ('scheduled', 'retryable')"],
        },
        source=SOURCES[spec.profile],
        keys=["oban_*"],
    )


def read_back() -> Settings:
    running = Oban.get_instance()
    rescue = running._lifeline  # noqa: SLF001  as all that follows: there is no other way
    producers = running._producers.values()  # noqa: SLF001
    return {
        "queues": {each.check().queue: each.check().limit for each in producers},
        "interval": rescue._interval,  # noqa: SLF001
        "rescue_after": rescue._rescue_after,  # noqa: SLF001
        "log_level": logging.getLevelName(logging.getLogger("oban").getEffectiveLevel()),
        "loop": type(asyncio.get_running_loop()).__module__.partition(".")[0],
        "broker_url": running._query._pool.conninfo,  # noqa: SLF001
        "framework_version": metadata.version("oban"),
    }


class Producer:
    """``enqueue()`` of an Oban object without queues, or of the one that the task runs in."""

    loop_factory = staticmethod(uvloop.new_event_loop)

    def __init__(self) -> None:
        self._pool: Any = None

    async def open(self) -> None:
        self._pool = await Oban.create_pool(spec.broker_url)
        Oban(pool=self._pool)

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str:
        if queue:
            raise NotImplementedError
        options = {"scheduled_in": delay_s} if delay_s else {}
        arguments = {"seq": seq, "kind": kind, "arg": as_text(kind, arg)}
        job = await Oban.get_instance().enqueue(execute.new(arguments, **options))
        return str(job.id)

    async def close(self) -> None:
        await self._pool.close()


probe = Probe(spec, read_back, Producer())


class Execute:
    """The task; a class, since those say how long to wait before another attempt."""

    async def process(self, job: Any) -> None:
        seq, kind, arg = job.args["seq"], job.args["kind"], job.args["arg"]
        await probe.run_async(seq, kind, as_sent(kind, arg))

    def backoff(self, job: Any) -> int:
        """Seconds: the wanted time, twice as long each further time."""
        return int(spec.wants.get("retry_s", 1) * 2 ** (job.attempt - 1))


# Given back is one attempt more.
attempts = ATTEMPTS if {"retry_s", "redeliver_s"} & set(spec.wants) else 1
execute: Any = worker(queue=QUEUE, max_attempts=attempts)(Execute)


def work(spec: Spec) -> None:
    """What the command line does, with the lifeline's times."""
    logging.basicConfig(level=logging.WARNING)

    async def run() -> None:
        ended = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
        pool = await Oban.create_pool(spec.broker_url)
        slots = coroutine_topology(spec, PROFILES[spec.profile]).concurrency
        async with pool, Oban(pool=pool, queues={QUEUE: slots}, lifeline=lifeline(spec)):
            note_ready(Path(spec.records))
            await ended.wait()

    uvloop.run(run())


if "plugins" in spec.wants:
    plugins.load(Path(spec.records), spec.wants["plugins"], PLUGIN)


def producer(_spec: Spec) -> Producer:
    return Producer()
