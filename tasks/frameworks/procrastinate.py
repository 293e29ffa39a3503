"""Procrastinate: coroutines, and threads, on PostgreSQL by its command line; a process a command.

A worker fetches a job for every free slot and no more, woken by NOTIFY. Nothing brings back what a
killed worker had: where ``redeliver_s`` asks for it, the periodic task of its documentation does,
in a queue of its own. Queues have no order: in every profile but ``default`` urgency is a job's
priority. JSON knows no bytes: they go as base64.
"""

import logging
from importlib import metadata
from pathlib import Path
from typing import Any

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.worker import Worker

from tasks import live, plugins, profiles
from tasks.adapter import Gap, Launch
from tasks.as_text import as_sent, as_text
from tasks.probe import Probe, Settings
from tasks.spec import BROKER_URL, Spec, Topology, read_spec

CORES = profiles.usable_cores()
PROFILES = {
    "matched": profiles.MATCHED,
    "default": Topology(processes=1, concurrency=1, prefetch=1, acks="late"),
    "tuned": Topology(CORES, concurrency=30, prefetch=30 * CORES, acks="late"),
}
DOCS = "https://procrastinate.readthedocs.io/en/stable/howto/production"
SOURCES = {
    "matched": f"{profiles.MATCHED_SOURCE}; a job that succeeds is deleted, no log lines",
    "default": "procrastinate --app APP worker: a job at a time, kept for ever, two log lines each",
    "tuned": f"{DOCS}/concurrency.html: several workers (one a core), 30 coroutines each; "
    f"{DOCS}/delete_finished_jobs.html: a job that succeeds is deleted; no log lines",
}
WANTS = {
    "waiting", "coroutines", "threads", "computing", "processes", "reserved", "queues",
    "serializer", "retry_s", "acks", "redeliver_s", "onward", "web", "model", "plugins",
}  # fmt: skip
GAPS = {"events": "Procrastinate writes its events into a table and tells nobody of them"}
FACTS = {
    "results": "no",
    "retries": "none by default; linear, exponential or a strategy of one's own",
    "delay": "yes",
    "priority": "yes, of a job",
    "cron": "yes, to the second",
    "events": "rows of a table, no stream",
    "send": "sync and async",
    "batches": "yes",
    "acknowledgement": "after",
    "redelivery": "no; by a periodic task of one's own",
    "licence": "MIT",
}
APP = f"{__name__}.app"
RESCUE = "rescue"  # a queue and its task
COUNT = "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = '{}' AND status = "
PLUGIN = """\
from tasks.frameworks.procrastinate import app

@app.task(name="plugin_{n}")
async def plugin_{n}(value: int) -> int:
    return value
"""

spec = read_spec()


def beats(spec: Spec) -> dict[str, Any]:
    """Of a worker's heart; its command line has no words for them."""
    if "redeliver_s" not in spec.wants:
        return {}
    limit_s = spec.wants["redeliver_s"]
    return {"update_heartbeat_interval": 2, "stalled_worker_timeout": limit_s}


if spec.profile != "default":
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
app = App(connector=PsycopgConnector(conninfo=spec.broker_url), worker_defaults=beats(spec))


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    profiles.refuse(spec, WANTS, GAPS)
    profiles.refuse_all_but_late_json(spec, "Procrastinate")
    stock, run = spec.profile == "default", ["procrastinate", "--app", APP]
    if "threads" in spec.wants and stock:
        raise Gap(f"{profiles.STOCK}: it runs one job at a time")
    topology = profiles.coroutine_topology(spec, PROFILES[spec.profile])
    queues = profiles.queues_of(spec)
    served = ",".join([*queues, *([RESCUE] if "redeliver_s" in spec.wants else [])])
    options = ["--concurrency", str(topology.concurrency), "--queues", served]
    told = [*run, "worker", "--delete-jobs", "successful", *options]
    return Launch(
        workers=[[*run, "worker"] if stock else told] * topology.processes,
        before=[[*run, "schema", "--apply"]],
        topology=topology,
        asked={
            "concurrency": topology.concurrency,
            "queues": "all" if stock else served,
            "delete_jobs": "never" if stock else "successful",
            "log_level": "INFO" if stock else "WARNING",
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("procrastinate"),
            **beats(spec),
        },
        depth={
            "pending": [f"{COUNT}'todo' AND {due}".format(q) for q in queues],
            "in_flight": [f"{COUNT}'doing'".format(q) for q in queues],
            "delayed": [f"{COUNT}'todo' AND NOT {due}".format(q) for q in queues],
        },
        source=SOURCES[spec.profile],
        keys=["procrastinate_*"],
    )


due = "coalesce(scheduled_at <= now(), true)"


def read_back() -> Settings:
    """Of the live worker; the log level as its logger has it."""
    worker = live.only(Worker)
    return {
        "concurrency": worker.concurrency,
        "queues": ",".join(worker.queues) if worker.queues else "all",
        "delete_jobs": worker.delete_jobs.value,
        "log_level": logging.getLevelName(logging.getLogger("procrastinate").getEffectiveLevel()),
        "listen_notify": worker.listen_notify,
        "poll_s": worker.fetch_job_polling_interval,
        "broker_url": worker.app.connector.pool.conninfo,
        "framework_version": metadata.version("procrastinate"),
        **{name: getattr(worker, name) for name in beats(spec)},
    }


class Producer:
    """``defer_async()`` over the app's pool of connections."""

    loop_factory = None

    async def open(self) -> None:
        await app.open_async()

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str:
        options: dict[str, Any] = {"schedule_in": {"seconds": delay_s}} if delay_s else {}
        if queue:
            options |= {"queue": queue, "priority": profiles.priority_of(spec, queue)}
        task = threaded if "threads" in spec.wants else execute
        job = task.configure(**options).defer_async(seq=seq, kind=kind, arg=as_text(kind, arg))
        return str(await job)

    async def close(self) -> None:
        await app.close_async()


class Doubling(BaseRetryStrategy):  # type: ignore[misc]  # known in its cell only
    """Tries again after the wanted time, then after twice as long each further time."""

    def get_retry_decision(self, *, exception: BaseException, job: Any) -> Any:
        if job.attempts < profiles.RETRIES and isinstance(exception, Exception):
            return RetryDecision(retry_in={"seconds": spec.wants["retry_s"] * 2**job.attempts})
        return None


probe = Probe(spec, read_back, Producer())
retry = Doubling() if "retry_s" in spec.wants else False


@app.task(name="bench.execute", retry=retry)
async def execute(seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, as_sent(kind, arg))


@app.task(name="bench.threaded", retry=retry)
def threaded(seq: int, kind: str, arg: Any) -> None:
    """A plain function: the worker calls it in a thread."""
    probe.run(seq, kind, as_sent(kind, arg))


async def rescue(timestamp: int) -> None:
    """What its documentation says to do about jobs of workers that died."""
    del timestamp
    limit_s = spec.wants["redeliver_s"]
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=limit_s):
        await app.job_manager.retry_job(job)


if "redeliver_s" in spec.wants:
    each_second = app.periodic(cron="* * * * * *")
    each_second(app.task(rescue, name="bench.rescue", queue=RESCUE, queueing_lock=RESCUE))
if "plugins" in spec.wants:
    plugins.load(Path(spec.records), spec.wants["plugins"], PLUGIN)


def producer(_spec: Spec) -> Producer:
    return Producer()
