"""SAQ: coroutines in a process, and plain functions in threads of it, by its own command line; a
process a command, since its ``--workers`` passes no signal on. No profile keeps results.

A job is cancelled after 10 s unless told otherwise: those of ours that hold a slot are. SAQ tries
again after a constant delay, or a random share of a growing one: a task that is to wait twice as
long each time sets its job's delay itself. Delays, and retries on PostgreSQL, are whole seconds of
the clock: rounded up here for delays, down by SAQ for retries.

Asked to end, it cancels its tasks and puts them back. (A grace period it waits out to its end.)
"""

from typing import Any

from saq import Worker

from tasks import live, plugins, profiles
from tasks.adapter import Launch
from tasks.as_text import as_sent
from tasks.codecs import codec_name
from tasks.frameworks.saq import workers
from tasks.frameworks.saq.client import Producer, new_queue
from tasks.frameworks.saq.events import listen
from tasks.frameworks.saq.workers import SETTINGS, cron_jobs, import_client, topology_of
from tasks.probe import Probe, Settings, note_ready
from tasks.spec import Spec, read_spec

PLUGIN = "async def plugin_{n}(_ctx, *, value):\n    return value\n"

__all__ = ["import_client", "launch", "listen", "prepare", "producer"]

spec = read_spec()


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    workers.refuse(spec)
    return Launch(
        workers=[["saq", f"{__name__}.settings"]] * topology_of(spec).processes,
        topology=topology_of(spec),
        asked={**workers.asked_of(spec), **profiles.place_and_version("saq")},
        depth=workers.depth_of(spec),
        source=workers.SOURCES[spec.profile],
        keys=workers.KEYS[spec.broker],
        before=[["tasks.prepare"]] if spec.broker == "postgresql" else [],
    )


def read_back() -> Settings:
    worker = live.only(Worker)
    queue, job = worker.queue, next(iter(worker.job_task_contexts))
    on_redis = spec.broker == "redis"
    place = live.redis_address(queue.redis, spec.broker_url) if on_redis else queue.pool.conninfo
    return {
        "concurrency": worker.concurrency,
        **{name: getattr(job, name) for name in ("ttl", "retries", "timeout")},
        **SETTINGS.read(spec, worker=worker, timers=worker.timers, job=job, broker=queue),
        "sweep": worker.timers["sweep"],
        "serializer": codec_name(queue._dump),  # noqa: SLF001  it has no other name
        "log_level": live.log_level("saq"),
        **profiles.place_and_version("saq", place),
    }


within = Producer()  # what tasks send further ones with
probe = Probe(spec, read_back, within)


async def started(ctx: dict[str, Any]) -> None:
    """Its hook: connected, about to ask for jobs."""
    within.queue = ctx["worker"].queue
    note_ready(spec)


async def execute(_ctx: dict[str, Any], *, seq: int, kind: str, arg: Any) -> int | None:
    return await probe.run_async(seq, kind, as_sent(kind, arg))


def threaded(_ctx: dict[str, Any], *, seq: int, kind: str, arg: Any) -> None:
    probe.run(seq, kind, arg)


async def retried(ctx: dict[str, Any], *, seq: int, kind: str, arg: Any) -> None:
    ctx["job"].retry_delay = spec.wants.get("retry_s", 1) * 2 ** (ctx["job"].attempts - 1)
    await probe.run_async(seq, kind, arg)


def settings() -> dict[str, Any]:
    """What the command line is pointed to."""
    beside = plugins.load(spec, PLUGIN)
    return {
        "queue": new_queue(),
        "functions": [execute, threaded, retried, *(getattr(m, m.__name__) for m in beside)],
        "cron_jobs": cron_jobs(spec, probe.tick_async),
        "concurrency": topology_of(spec).concurrency,
        "timers": workers.timers_of(spec),
        "startup": started,
        **SETTINGS.of(spec, "worker"),
    }


async def prepare(_spec: Spec) -> None:
    """Makes the tables: of two workers that come to none, one goes on without them."""
    await within.open()
    await within.close()


def producer(_spec: Spec) -> Producer:
    return Producer()
