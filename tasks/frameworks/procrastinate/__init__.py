"""Procrastinate: coroutines, and threads, on PostgreSQL by its command line; a process a command.

A worker fetches a job for every free slot and no more, woken by NOTIFY. Nothing brings back what a
killed worker had: where ``redeliver_s`` asks for it, the periodic task of its documentation does,
in a queue of its own. Queues have no order: in every profile but ``default`` urgency is a job's
priority. JSON knows no bytes: they go as base64.
"""

import logging
from typing import Any

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.worker import Worker

from tasks import live, plugins, profiles
from tasks.adapter import Launch
from tasks.as_text import as_sent, as_text
from tasks.frameworks.procrastinate import workers
from tasks.frameworks.procrastinate.workers import SETTINGS
from tasks.probe import Probe, Settings
from tasks.spec import Spec, read_spec

PLUGIN = """\
from tasks.frameworks.procrastinate import app

@app.task(name="plugin_{n}")
async def plugin_{n}(value: int) -> int:
    return value
"""

spec = read_spec()


if spec.profile != "default":
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
connector = PsycopgConnector(conninfo=spec.broker_url, **SETTINGS.of(spec, "pool"))
options: Any = {**workers.beats(spec), **SETTINGS.of(spec, "worker")}
app = App(connector=connector, worker_defaults=options)


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    workers.refuse(spec)
    topology = workers.topology_of(spec)
    return Launch(
        workers=[workers.command(spec)] * topology.processes,
        before=[[*workers.RUN, "schema", "--apply"]],
        topology=topology,
        dead=workers.DEAD,
        asked={**workers.asked_of(spec), **profiles.place_and_version("procrastinate")},
        depth=workers.depth_of(spec),
        source=workers.SOURCES[spec.profile],
        keys=["procrastinate_*"],
    )


def read_back() -> Settings:
    """Of the live worker; the log level as its logger has it."""
    worker = live.only(Worker)
    return {
        "concurrency": worker.concurrency,
        "queues": ",".join(worker.queues) if worker.queues else "all",
        "delete_jobs": worker.delete_jobs.value,
        "log_level": live.log_level("procrastinate"),
        "listen_notify": worker.listen_notify,
        "poll_s": worker.fetch_job_polling_interval,
        **profiles.place_and_version("procrastinate", worker.app.connector.pool.conninfo),
        **{name: getattr(worker, name) for name in workers.beats(spec)},
        **SETTINGS.read(spec, worker=worker, pool=worker.app.connector.pool),
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
    each_second(
        app.task(rescue, name="bench.rescue", queue=workers.RESCUE, queueing_lock=workers.RESCUE)
    )
if "periodic" in spec.wants:
    app.periodic(cron="* * * * * *")(app.task(probe.tick_async, name="tick", queue="default"))
plugins.load(spec, PLUGIN)


def producer(_spec: Spec) -> Producer:
    return Producer()
