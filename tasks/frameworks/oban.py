"""Oban: coroutines on PostgreSQL; a process runs so many of a queue at a time.

The stock command line runs ten, on uvloop, and logs two lines of JSON a job. It takes the times of
its lifeline from a file only, so profiles other than ``default`` run the ``Oban`` object, on uvloop
with orjson as the command line does, without that log. A job is ``executing`` until its end is
written, for all that ended, before the next ones are fetched; its row stays for a day. Delayed jobs
are found once a second. A queue has slots of its own: the scenario's queues are priorities in one.
JSON knows no bytes: they go as base64.
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

from tasks import plugins, profiles
from tasks.adapter import Gap, Launch
from tasks.as_text import as_sent, as_text
from tasks.probe import Probe, Settings, note_ready
from tasks.spec import BROKER_URL, Spec, Topology, read_spec

CORES = profiles.usable_cores()
PROFILES = {
    "matched": profiles.MATCHED,
    "default": Topology(processes=1, concurrency=10, prefetch=10, acks="late"),
    "tuned": Topology(CORES, concurrency=20, prefetch=20 * CORES, acks="late"),
}
DOCS = "https://oban.pro/docs/py"
SOURCES = {
    "matched": f"{profiles.MATCHED_SOURCE}; done jobs stay, no log lines",
    "default": "oban start --queues default:10, the queue and the number of its pages",
    "tuned": f"{DOCS}/defining_queues.html: 20 at a time where jobs wait for others; a process a "
    "core, no log lines",
}
WANTS = {
    "waiting", "coroutines", "computing", "processes", "reserved", "queues", "serializer",
    "retry_s", "acks", "redeliver_s", "onward", "web", "model", "plugins",
}  # fmt: skip
GAPS = {
    "threads": "Oban runs coroutines, and has no threads for functions that block",
    "events": "Oban tells of its jobs by telemetry, within the process",
}
FACTS = {
    "results": "yes, Record",
    "retries": "yes, 20 attempts with jittered backoff by default",
    "delay": "yes, found once a second",
    "priority": "yes, of a job, 0 to 9",
    "cron": "yes",
    "events": "within the process",
    "send": "async",
    "batches": "yes",
    "acknowledgement": "after, in batches",
    "redelivery": "yes, by the leader, 5 to 6 min after a job's start by default",
    "licence": "Apache-2.0",
}
QUEUE = "default"
COUNT = "SELECT count(*) FROM oban_jobs WHERE state"
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


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    profiles.refuse(spec, WANTS, GAPS)
    profiles.refuse_all_but_late_json(spec, "Oban")
    stock = spec.profile == "default"
    if "redeliver_s" in spec.wants and stock:
        raise Gap(f"{profiles.STOCK}: a job is given back 300 s after its start")
    topology = profiles.coroutine_topology(spec, PROFILES[spec.profile])
    cli = ["oban", "start", "--queues", f"{QUEUE}:{topology.concurrency}"]
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
            "pending": [
                f"{COUNT} = 'available' AND priority = {n}" if "queues" in spec.wants
                else f"{COUNT} = 'available'" for n, _ in enumerate(profiles.queues_of(spec))
            ],
            "in_flight": [f"{COUNT} = 'executing'"],
            "delayed": [f"{COUNT} IN ('scheduled', 'retryable')"],
        },
        source=SOURCES[spec.profile],
        keys=["oban_*"],
    )  # fmt: skip


def read_back() -> Settings:
    """Of the live object, which shows no more than its queues; the log level of its logger."""
    running = Oban.get_instance()
    rescue, producers = running._lifeline, running._producers.values()  # noqa: SLF001
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

    loop_factory = staticmethod(uvloop.new_event_loop)  # that of its command line

    def __init__(self) -> None:
        self._pool: Any = None

    async def open(self) -> None:
        self._pool = await Oban.create_pool(spec.broker_url)
        Oban(pool=self._pool)

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str:
        options: dict[str, Any] = {"scheduled_in": delay_s} if delay_s else {}
        if queue:
            options["priority"] = profiles.queues_of(spec).index(queue)
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


again = {"retry_s", "redeliver_s"} & set(spec.wants)  # given back is one attempt more, too
attempts = 1 + profiles.RETRIES if again else 1
execute: Any = worker(queue=QUEUE, max_attempts=attempts)(Execute)


def work(spec: Spec) -> None:
    """What the command line does, with the lifeline's times."""
    logging.basicConfig(level=logging.WARNING)
    slots = profiles.coroutine_topology(spec, PROFILES[spec.profile]).concurrency

    async def run() -> None:
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        pool = await Oban.create_pool(spec.broker_url)
        async with pool, Oban(pool=pool, queues={QUEUE: slots}, lifeline=lifeline(spec)):
            note_ready(Path(spec.records))
            await ended.wait()

    uvloop.run(run())


if "plugins" in spec.wants:
    plugins.load(Path(spec.records), spec.wants["plugins"], PLUGIN)


def producer(_spec: Spec) -> Producer:
    return Producer()
