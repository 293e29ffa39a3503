"""Procrastinate: coroutine tasks on PostgreSQL by its own command line; a process a command.

A worker fetches a job for every free slot and no more, woken by NOTIFY. A job is ``doing`` until it
has ended. Nothing brings back what a killed worker had: where ``redeliver_s`` asks for it, the
periodic task of Procrastinate's documentation does, in a queue of its own. Queues have no order; in
every profile but ``default`` urgency is a job's priority. JSON knows no bytes: they go as base64.

Settings are read from the live Worker; the log level from ``logging``.
"""

import logging
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import procrastinate
from procrastinate.worker import Worker

from tasks import live, plugins
from tasks.adapter import Gap, Launch
from tasks.as_text import as_sent, as_text
from tasks.probe import Probe, Settings
from tasks.profiles import (
    MATCHED,
    MATCHED_SOURCE,
    STOCK,
    coroutine_topology,
    queues_of,
    refuse,
    usable_cores,
)
from tasks.spec import BROKER_URL, Spec, Topology, read_spec
from tasks.work import NotYet

DOCS = "https://procrastinate.readthedocs.io/en/stable/howto/production"
CORES = usable_cores()
PROFILES = {
    "matched": MATCHED,
    "default": Topology(processes=1, concurrency=1, prefetch=1, acks="late"),
    "tuned": Topology(CORES, concurrency=30, prefetch=30 * CORES, acks="late"),
}
SOURCES = {
    "matched": f"{MATCHED_SOURCE}; a job is deleted when it has succeeded, no log lines",
    "default": "procrastinate --app APP worker: a job at a time, kept for ever, two log lines each",
    "tuned": f"{DOCS}/concurrency.html: several workers (one a core), 30 coroutines each; "
    f"{DOCS}/delete_finished_jobs.html: a job is deleted when it has succeeded; no log lines",
}
WANTS = {
    "waiting", "coroutines", "threads", "computing", "processes", "reserved", "queues",
    "serializer", "retry_s", "acks", "redeliver_s", "onward", "web", "model", "plugins",
}  # fmt: skip
GAPS = {"events": "Procrastinate writes its events into a table and tells nobody of them"}
FACTS = {
    "results": "no",
    "retries": "off by default; linear, exponential or a strategy of one's own",
    "delay": "yes",
    "priority": "yes, of a job",
    "cron": "yes, periodic tasks, to the second",
    "events": "rows in procrastinate_events, no stream",
    "send": "sync and async",
    "batches": "yes, batch_defer",
    "acknowledgement": "after",
    "redelivery": "no, unless a periodic task of one's own retries what get_stalled_jobs finds",
    "licence": "MIT",
}
APP = f"{__name__}.app"
RETRIES = 5
RESCUE = "rescue"  # a queue and its task
HEARTBEAT_S = 2
PLUGIN = """\
from tasks.frameworks.procrastinate import app

@app.task(name="plugin_{n}")
async def plugin_{n}(value: int) -> int:
    return value
"""

spec = read_spec()


def worker_defaults(spec: Spec) -> dict[str, Any]:
    """What its command line has no words for."""
    if "redeliver_s" not in spec.wants:
        return {}
    timeout_s = spec.wants["redeliver_s"]
    return {"update_heartbeat_interval": HEARTBEAT_S, "stalled_worker_timeout": timeout_s}


app = procrastinate.App(
    connector=procrastinate.PsycopgConnector(conninfo=spec.broker_url),
    worker_defaults=worker_defaults(spec),
)


def refuse_all(spec: Spec) -> None:
    """Raises Gap on what cannot be had."""
    refuse(spec, WANTS, GAPS)
    if spec.wants.get("serializer", "json") != "json":
        raise Gap("Procrastinate keeps a job's arguments as JSON, always")
    if spec.wants.get("model") == "whole":
        raise Gap("Procrastinate keeps a job's arguments as JSON: no object of SQLAlchemy's fits")
    if spec.wants.get("acks", "late") != "late":
        raise Gap("a job of Procrastinate's is done when it has ended, always")
    if "threads" in spec.wants and spec.profile == "default":
        raise Gap(f"{STOCK}: it runs one job at a time")


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    refuse_all(spec)
    topology, stock = topology_of(spec), spec.profile == "default"
    queues, run = queues_of(spec), ["procrastinate", "--app", APP]
    served = ",".join([*queues, *([RESCUE] if "redeliver_s" in spec.wants else [])])
    quiet = [] if stock else ["--log-level", "warning"]
    command = [*run, *quiet, "worker"]
    if not stock:
        command += ["--concurrency", str(topology.concurrency), "--delete-jobs", "successful"]
        command += ["--queues", served]
    count = "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = '{}' AND status = "
    waiting = f"{count}'todo' AND coalesce(scheduled_at <= now(), true)"
    return Launch(
        workers=[command] * topology.processes,
        before=[[*run, "schema", "--apply"]],
        topology=topology,
        asked={
            "concurrency": topology.concurrency,
            "queues": "all" if stock else served,
            "delete_jobs": "never" if stock else "successful",
            "log_level": "INFO" if stock else "WARNING",
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("procrastinate"),
            **worker_defaults(spec),
        },
        depth={
            "pending": [waiting.format(q) for q in queues],
            "in_flight": [f"{count}'doing'".format(q) for q in queues],
            "delayed": [f"{count}'todo' AND scheduled_at > now()".format(q) for q in queues],
        },
        source=SOURCES[spec.profile],
        keys=["procrastinate_*"],
    )


def topology_of(spec: Spec) -> Topology:
    """Threads are those of a worker's coroutines."""
    if "threads" in spec.wants:
        spec = replace(spec, wants={"waiting": spec.wants["threads"]})
    return coroutine_topology(spec, PROFILES[spec.profile])


def read_back() -> Settings:
    worker = live.only(Worker)
    return {
        "concurrency": worker.concurrency,
        "queues": ",".join(worker.queues) if worker.queues else "all",
        "delete_jobs": worker.delete_jobs.value,
        "log_level": logging.getLevelName(logging.getLogger("procrastinate").getEffectiveLevel()),
        "listen_notify": worker.listen_notify,
        "poll_s": worker.fetch_job_polling_interval,
        "update_heartbeat_interval": worker.update_heartbeat_interval,
        "stalled_worker_timeout": worker.stalled_worker_timeout,
        "broker_url": worker.app.connector.pool.conninfo,
        "framework_version": metadata.version("procrastinate"),
    }


class Producer:
    """``defer_async()`` over the app's pool of connections, in the phase's event loop."""

    loop_factory = None

    async def open(self) -> None:
        await app.open_async()

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str:
        options: dict[str, Any] = {"schedule_in": {"seconds": delay_s}} if delay_s else {}
        if queue:
            options |= {"queue": queue, "priority": priority_of(queue)}
        task = threaded if "threads" in spec.wants else execute
        job = task.configure(**options)
        return str(await job.defer_async(seq=seq, kind=kind, arg=as_text(kind, arg)))

    async def close(self) -> None:
        await app.close_async()


def priority_of(queue: str) -> int:
    """The most urgent queue's jobs have the highest; all alike where the stock way is asked."""
    queues = queues_of(spec)
    return 0 if spec.profile == "default" else len(queues) - queues.index(queue)


class Doubling(procrastinate.BaseRetryStrategy):  # type: ignore[misc]  # known in its cell only
    """Tries again after the wanted time, then after twice as long each further time."""

    def get_retry_decision(self, *, exception: BaseException, job: Any) -> Any:
        if not isinstance(exception, NotYet) or job.attempts >= RETRIES:
            return None
        wait_s = spec.wants["retry_s"] * 2**job.attempts
        return procrastinate.RetryDecision(retry_in={"seconds": wait_s})


probe = Probe(spec, read_back, Producer())
retry = Doubling() if "retry_s" in spec.wants else False


@app.task(name="bench.execute", retry=retry)
async def execute(seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, as_sent(kind, arg))


@app.task(name="bench.threaded", retry=retry)
def threaded(seq: int, kind: str, arg: Any) -> None:
    """A plain function: the worker calls it in a thread."""
    probe.run(seq, kind, as_sent(kind, arg))


if "redeliver_s" in spec.wants:

    @app.periodic(cron="* * * * * *")  # every second
    @app.task(name="bench.rescue", queue=RESCUE, queueing_lock=RESCUE)
    async def rescue(timestamp: int) -> None:
        """What its documentation says to do about jobs of workers that died."""
        del timestamp
        seconds = spec.wants["redeliver_s"]
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds):
            await app.job_manager.retry_job(job)


if "plugins" in spec.wants:
    plugins.load(Path(spec.records), spec.wants["plugins"], PLUGIN)


def producer(_spec: Spec) -> Producer:
    return Producer()
