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
from typing import Any

import orjson
import uvloop
from oban import Oban, worker
from psycopg.types.json import set_json_dumps, set_json_loads

from tasks import live, plugins, profiles
from tasks.adapter import Launch
from tasks.as_text import as_sent, as_text
from tasks.frameworks.oban import workers
from tasks.frameworks.oban.workers import SETTINGS
from tasks.probe import Probe, Settings
from tasks.spec import BROKER_URL, Spec, read_spec

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


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    workers.refuse(spec)
    topology, queues = workers.topology_of(spec), profiles.queues_of(spec)
    ranked = [f" AND priority = {n}" if "queues" in spec.wants else "" for n in range(len(queues))]
    return Launch(
        workers=[workers.command(spec)] * topology.processes,
        before=[["oban", "install"]],
        environment={"OBAN_DSN": BROKER_URL, **workers.pool_variables(spec)},
        topology=topology,
        dead=[f"{COUNT} IN ('discarded', 'cancelled')"],
        asked={**workers.asked_of(spec), **profiles.place_and_version("oban")},
        depth={
            "pending": [f"{COUNT} = 'available'{rank}" for rank in ranked],
            "in_flight": [f"{COUNT} = 'executing'"],
            "delayed": [f"{COUNT} IN ('scheduled', 'retryable')"],
        },
        source=workers.SOURCES[spec.profile],
        keys=["oban_*"],
    )


def read_back() -> Settings:
    """Of the live object, which shows no more than its queues; the log level of its logger."""
    running = Oban.get_instance()
    rescue, producers = running._lifeline, running._producers.values()  # noqa: SLF001
    return {
        "queues": {each.check().queue: each.check().limit for each in producers},
        "interval": rescue._interval,  # noqa: SLF001
        "rescue_after": rescue._rescue_after,  # noqa: SLF001
        "log_level": live.log_level("oban"),
        "loop": type(asyncio.get_running_loop()).__module__.partition(".")[0],
        "broker_url": running._query._pool.conninfo,  # noqa: SLF001
        "framework_version": metadata.version("oban"),
        **SETTINGS.read(spec, oban=running, pool=running._query._pool),  # noqa: SLF001
    }


class Producer:
    """``enqueue()`` of an Oban object without queues, or of the one that the task runs in."""

    loop_factory = staticmethod(uvloop.new_event_loop)  # that of its command line

    def __init__(self) -> None:
        self._pool: Any = None

    async def open(self) -> None:
        self._pool = await Oban.create_pool(spec.broker_url, **workers.pool_of(spec))
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

    def timeout(self, job: Any) -> float | None:
        return profiles.timeout_of(spec, job.args["kind"])

    def backoff(self, job: Any) -> int:
        """Seconds: the wanted time, twice as long each further time."""
        return int(spec.wants.get("retry_s", 1) * 2 ** (job.attempt - 1))


execute: Any = worker(queue=workers.QUEUE, **workers.attempts_of(spec))(Execute)


def work(spec: Spec) -> None:
    """What the command line does, with the lifeline's times."""
    logging.basicConfig(level=logging.WARNING)
    queues = {workers.QUEUE: workers.topology_of(spec).concurrency}

    async def run() -> None:
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        pool = await Oban.create_pool(spec.broker_url)
        async with pool, Oban(pool=pool, queues=queues, **workers.options_of(spec)):
            await ended.wait()

    uvloop.run(run())


plugins.load(spec, PLUGIN)


def producer(_spec: Spec) -> Producer:
    return Producer()
