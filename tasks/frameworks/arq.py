"""arq: coroutines in a process, by its own command line; a process a command.

A worker polls: after each wait it starts ``max_jobs`` jobs at most (more where some end meanwhile),
so that ``poll_delay`` bounds what it can do. A job stays in the queue's sorted set until it has
ended: what waits, runs and is delayed cannot be told apart there. No profile keeps results.
"""

import logging
from importlib import metadata
from pathlib import Path
from typing import Any

from arq import create_pool
from arq.connections import RedisSettings
from arq.worker import Retry, Worker, func

from tasks import live, plugins, profiles
from tasks.adapter import Gap, Launch
from tasks.codecs import codec, codec_name
from tasks.probe import Probe, Settings, note_ready
from tasks.spec import BROKER_URL, Spec, Topology, read_spec
from tasks.work import NotYet

CORES = profiles.usable_cores()
PROFILES = {
    "matched": profiles.MATCHED,
    "default": Topology(processes=1, concurrency=10, prefetch=10, acks="late"),
    "tuned": Topology(CORES, concurrency=100, prefetch=100 * CORES, acks="late"),
}
POLL_S = {"matched": 0.01, "default": 0.5, "tuned": 0.01}
SOURCES = {
    "matched": f"{profiles.MATCHED_SOURCE}; polls every 10 ms, as by default (0.5 s) a worker of "
    "one job at a time starts two a second",
    "default": "arq MODULE.SETTINGS: ten jobs, a poll every 0.5 s, two log lines a job",
    "tuned": "https://arq-docs.helpmanual.io: hundreds of jobs at a time, as coroutines; a process "
    "a core, a poll every 10 ms, no log lines",
}
WANTS = {
    "waiting", "coroutines", "computing", "processes", "reserved", "serializer", "retry_s", "acks",
    "redeliver_s", "onward", "web", "model", "plugins",
}  # fmt: skip
GAPS = {
    "threads": "arq runs coroutine functions only, in no threads",
    "queues": "an arq worker reads one queue",
    "events": "arq has hooks within the worker, and no stream of events",
}
FACTS = {
    "results": "yes, for 1 h by default",
    "retries": "where the task raises Retry(defer), 5 attempts by default; else no",
    "delay": "yes",
    "priority": "no",
    "cron": "yes",
    "events": "no",
    "send": "async",
    "batches": "no",
    "acknowledgement": "after",
    "redelivery": "yes, job_timeout + 10 s after its start: 310 s by default",
    "licence": "MIT",
}
TIMEOUT_S, LOCK_BEYOND_S = 300, 10  # of a job by default; a job's lock lives longer by that
STOP_S = 8  # a worker that is asked to end waits for its jobs; by default it cancels them
PLUGIN = "async def plugin_{n}(_ctx, value):\n    return value\n"
QUIET = {"version": 1, "disable_existing_loggers": False, "loggers": {"arq": {"level": "WARNING"}}}

spec = read_spec()
described = spec.broker_url == BROKER_URL  # there is no broker yet
address = None if described else RedisSettings.from_dsn(spec.broker_url)
dump, load = codec(profiles.serializer_of(spec, "pickle"))
serializer = {"job_serializer": dump, "job_deserializer": load}


def timeout_s(spec: Spec) -> int:
    """Of a job. A dead worker's lock lives longer, so 11 s is the shortest redelivery."""
    if "redeliver_s" not in spec.wants:
        return TIMEOUT_S
    return max(1, int(spec.wants["redeliver_s"]) - LOCK_BEYOND_S)


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    profiles.refuse(spec, WANTS, GAPS)
    if spec.wants.get("acks") == "early":
        raise Gap("arq takes a job off its queue when the job has ended, always")
    topology, stock = (
        profiles.coroutine_topology(spec, PROFILES[spec.profile]),
        spec.profile == "default",
    )
    quiet = [] if stock else ["--custom-log-dict", f"{__name__}.QUIET"]
    return Launch(
        workers=[["arq", f"{__name__}.WORKER", *quiet]] * topology.processes,
        topology=topology,
        asked={
            "concurrency": topology.concurrency,
            "poll_delay_s": POLL_S[spec.profile],
            "lock_s": timeout_s(spec) + LOCK_BEYOND_S,
            "keep_result_s": 0,
            "serializer": profiles.serializer_of(spec, "pickle"),
            "log_level": "INFO" if stock else "WARNING",
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("arq"),
        },
        depth={"pending": ["zset:arq:queue"], "in_flight": [], "delayed": []},
        source=SOURCES[spec.profile],
        keys=["arq:*"],
    )


def read_back() -> Settings:
    worker = live.only(Worker)
    return {
        "concurrency": worker.max_jobs,
        "poll_delay_s": worker.poll_delay_s,
        "lock_s": worker.in_progress_timeout_s,
        "keep_result_s": worker.functions["execute"].keep_result_s,
        "serializer": codec_name(worker.job_serializer),
        "log_level": logging.getLevelName(logging.getLogger("arq").level),
        "broker_url": live.redis_address(worker.pool, spec.broker_url),
        "framework_version": metadata.version("arq"),
    }


class Producer:
    """``enqueue_job`` over a pool of the producer's event loop, or of the worker it runs in."""

    loop_factory = None
    pool: Any = None

    async def open(self) -> None:
        self.pool = await create_pool(address, **serializer)

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str:
        if queue:
            raise NotImplementedError
        name = "retried" if kind in profiles.RETRIED else "execute"
        job = await self.pool.enqueue_job(name, seq, kind, arg, _defer_by=delay_s or None)
        if job is None:
            raise RuntimeError("arq dropped the job: there is one with its id")
        return str(job.job_id)

    async def close(self) -> None:
        await self.pool.aclose()


within = Producer()  # what tasks send further ones with
probe = Probe(spec, read_back, within)


async def started(ctx: dict[str, Any]) -> None:
    """Its hook: connected, about to poll."""
    within.pool = ctx["redis"]
    note_ready(Path(spec.records))


async def execute(_ctx: dict[str, Any], seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, arg)


async def retried(ctx: dict[str, Any], seq: int, kind: str, arg: Any) -> None:
    """Arq tries again what asks for it, and has no back-off of its own."""
    try:
        await probe.run_async(seq, kind, arg)
    except NotYet as error:
        raise Retry(defer=spec.wants.get("retry_s", 1) * 2 ** (ctx["job_try"] - 1)) from error


beside = plugins.load(Path(spec.records), spec.wants.get("plugins", 0), PLUGIN)
WORKER = {
    "functions": [
        *(func(task, keep_result=0) for task in (execute, retried)),
        *(getattr(module, module.__name__) for module in beside),
    ],
    "redis_settings": address,
    "on_startup": started,
    "max_jobs": profiles.coroutine_topology(spec, PROFILES[spec.profile]).concurrency,
    "poll_delay": POLL_S[spec.profile],
    "job_timeout": timeout_s(spec),
    "job_completion_wait": 0 if spec.profile == "default" else STOP_S,
    **serializer,
}


def producer(_spec: Spec) -> Producer:
    return Producer()
