"""arq: coroutines in a process, by its own command line; a process a command.

A worker polls: after each wait it starts ``max_jobs`` jobs at most (more where some end meanwhile),
so that ``poll_delay`` bounds what it can do. A job stays in the queue's sorted set until it has
ended: what waits, runs and is delayed cannot be told apart there. No profile keeps results.
"""

from dataclasses import replace
from typing import Any

from arq import create_pool
from arq.connections import RedisSettings
from arq.worker import Retry, Worker, func

from tasks import live, plugins, profiles
from tasks.adapter import Launch
from tasks.codecs import codec, codec_name
from tasks.frameworks.arq import workers
from tasks.frameworks.arq.workers import SETTINGS
from tasks.probe import Probe, Settings, note_ready
from tasks.spec import BROKER_URL, Spec, read_spec
from tasks.work import NotYet

PLUGIN = "async def plugin_{n}(_ctx, value):\n    return value\n"
QUIET = {"version": 1, "disable_existing_loggers": False, "loggers": {"arq": {"level": "WARNING"}}}

spec = read_spec()
described = spec.broker_url == BROKER_URL  # there is no broker yet
to_broker = RedisSettings() if described else RedisSettings.from_dsn(spec.broker_url)
address = replace(to_broker, **SETTINGS.of(spec, "connection"))
dump, load = codec(profiles.serializer_of(spec, "pickle"))
serializer = {"job_serializer": dump, "job_deserializer": load}


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    profiles.refuse(spec, workers.GAPS, {"results"})
    topology = workers.topology_of(spec)
    quiet = [] if spec.profile == "default" else ["--custom-log-dict", f"{__name__}.QUIET"]
    return Launch(
        workers=[["arq", f"{__name__}.WORKER", *quiet]] * topology.processes,
        topology=topology,
        asked={**workers.asked_of(spec), **profiles.place_and_version("arq")},
        depth={"pending": ["zset:arq:queue"], "in_flight": [], "delayed": []},
        source=workers.SOURCES[spec.profile],
        keys=["arq:*"],
    )


def read_back() -> Settings:
    worker = live.only(Worker)
    return {
        "concurrency": worker.max_jobs,
        "poll_delay": worker.poll_delay_s,
        "lock_s": worker.in_progress_timeout_s,
        "keep_result_s": worker.functions["execute"].keep_result_s,
        "serializer": codec_name(worker.job_serializer),
        "log_level": live.log_level("arq"),
        **profiles.place_and_version("arq", live.redis_address(worker.pool, spec.broker_url)),
        **SETTINGS.read(spec, worker=worker, connection=worker.redis_settings),
    }


class Producer:
    """``enqueue_job`` over a pool of the producer's event loop, or of the worker it runs in."""

    loop_factory = None
    pool: Any = None

    async def open(self) -> None:
        lives = {k: v for k, v in SETTINGS.of(spec, "worker").items() if k == "expires_extra_ms"}
        self.pool = await create_pool(address, **serializer, **lives)

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str:
        if queue:
            raise NotImplementedError
        name = "retried" if kind in profiles.RETRIED else "execute"
        name = "limited" if profiles.timeout_of(spec, kind) else name
        job = await self.pool.enqueue_job(name, seq, kind, arg, _defer_by=delay_s or None)
        if job is None:
            raise RuntimeError("arq dropped the job: there is one with its id")
        return str(job.job_id)

    async def call(self, seq: int, kind: str, arg: Any) -> Any:
        job = await self.pool.enqueue_job("execute", seq, kind, arg)
        return await job.result(timeout=profiles.RESULT_S)

    async def close(self) -> None:
        await self.pool.aclose()


within = Producer()  # what tasks send further ones with
probe = Probe(spec, read_back, within)


async def started(ctx: dict[str, Any]) -> None:
    """Its hook: connected, about to poll."""
    within.pool = ctx["redis"]
    note_ready(spec)


async def execute(_ctx: dict[str, Any], seq: int, kind: str, arg: Any) -> int | None:
    return await probe.run_async(seq, kind, arg)


async def limited(_ctx: dict[str, Any], seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, arg)


async def retried(ctx: dict[str, Any], seq: int, kind: str, arg: Any) -> None:
    """Arq tries again what asks for it, and has no back-off of its own."""
    try:
        await probe.run_async(seq, kind, arg)
    except NotYet as error:
        raise Retry(defer=spec.wants.get("retry_s", 1) * 2 ** (ctx["job_try"] - 1)) from error


beside = plugins.load(spec, PLUGIN)
WORKER = {
    "functions": [
        *(func(task, keep_result=spec.wants.get("results", 0)) for task in (execute, retried)),
        func(limited, keep_result=0, timeout=spec.wants.get("timeout_s")),
        *(getattr(module, module.__name__) for module in beside),
    ],
    "cron_jobs": workers.cron_jobs(spec, probe.tick_async),
    "redis_settings": address,
    "on_startup": started,
    "max_jobs": workers.topology_of(spec).concurrency,
    "poll_delay": workers.POLL_S[spec.profile],
    "job_timeout": workers.timeout_s(spec),
    "job_completion_wait": 0 if spec.profile == "default" else workers.STOP_S,
    **serializer,
    **SETTINGS.of(spec, "worker"),
}


def producer(_spec: Spec) -> Producer:
    return Producer()
