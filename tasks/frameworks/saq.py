"""SAQ: coroutines in a process, and plain functions in threads of it, by its own command line; a
process a command, since its ``--workers`` passes no signal on. No profile keeps results.

A job is cancelled after 10 s unless told otherwise: those of ours that hold a slot are. SAQ tries
again after a constant delay, or a random share of a growing one: a task that is to wait twice as
long each time sets its job's delay itself. Delays, and retries on PostgreSQL, are whole seconds of
the clock: rounded up here for delays, down by SAQ for retries.

Asked to end, it cancels its tasks and puts them back. (A grace period it waits out to its end.)
"""

import logging
import math
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

from saq import Queue, Worker

from tasks import live, plugins, profiles
from tasks.adapter import Gap, Launch
from tasks.as_text import as_sent, as_text
from tasks.codecs import codec, codec_name
from tasks.probe import Probe, Settings, note_ready
from tasks.spec import BROKER_URL, Spec, Topology, read_spec

CORES = profiles.usable_cores()
PROFILES = {
    "matched": profiles.MATCHED,
    "default": Topology(processes=1, concurrency=10, prefetch=10, acks="late"),
    "tuned": Topology(CORES, concurrency=10, prefetch=10 * CORES, acks="late"),
}
SOURCES = {
    "matched": profiles.MATCHED_SOURCE,
    "default": "saq MODULE.SETTINGS with no options: ten jobs in one process",
    "tuned": "https://saq-py.readthedocs.io: several worker processes (one a core), hiredis; ten "
    "jobs each, as by default",
}
WANTS = {
    "waiting", "coroutines", "threads", "computing", "processes", "reserved", "queues",
    "serializer", "retry_s", "acks", "redeliver_s", "onward", "events", "web", "model", "plugins",
}  # fmt: skip
GAPS = {
    "redis": {"queues": "a SAQ worker reads one queue, and on Redis that has no priorities"},
    "postgresql": {"events": "SAQ tells a job's status by Redis only"},
}
FACTS = {
    "results": "yes, for 10 min by default",
    "retries": "yes, none by default; after a constant delay or a random share of a growing one",
    "delay": "yes, whole seconds",
    "priority": "on PostgreSQL",
    "cron": "yes",
    "events": "on Redis, a job's status by pub/sub",
    "send": "async",
    "batches": "only waiting for their results",
    "acknowledgement": "after",
    "redelivery": "at the first sweep (60 s) after its timeout (10 s), where it has retries left; "
    "by default it has none and is aborted",
    "licence": "MIT",
}
TIMEOUT_S, SWEEP_S = 10, 60  # by default
JOB = "saq:job:default:"  # prefix of a job's key, and of the channel that tells its status
EVENTS = {b"active": "started", b"complete": "succeeded"}
COUNT = "SELECT count(*) FROM saq_jobs WHERE queue = 'default' AND status = "
DUE = "scheduled <= extract(epoch FROM now())"
PLUGIN = "async def plugin_{n}(_ctx, *, value):\n    return value\n"

spec = read_spec()
serializer = profiles.serializer_of(spec, "json")


def new_queue() -> Any:
    dump, load = codec(serializer)
    return Queue.from_url(spec.broker_url, dump=dump, load=load)


def timing_of(spec: Spec) -> dict[str, Any]:
    """Of every job, and of the sweep that looks for those of dead workers, to try them again."""
    again = {"retry_s", "redeliver_s"} & set(spec.wants)
    return {
        "retries": 1 + profiles.RETRIES if again else 1,
        "timeout": spec.wants.get("redeliver_s", TIMEOUT_S),
        "sweep": 2 if "redeliver_s" in spec.wants else SWEEP_S,
    }


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    profiles.refuse(spec, WANTS, GAPS[spec.broker])
    if spec.wants.get("acks") == "early":
        raise Gap("SAQ takes a job off its queue when the job has ended, always")
    if "threads" in spec.wants and spec.profile == "default":
        raise Gap(f"{profiles.STOCK}: it takes more tasks than it has threads")
    topology = profiles.coroutine_topology(spec, PROFILES[spec.profile])
    return Launch(
        workers=[["saq", f"{__name__}.settings"]] * topology.processes,
        topology=topology,
        asked={
            "concurrency": topology.concurrency,
            "ttl": -1,
            **timing_of(spec),
            "serializer": profiles.serializer_of(spec, "json"),
            "log_level": "WARNING",
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("saq"),
        },
        depth=depth_of(spec),
        source=SOURCES[spec.profile],
        keys=["saq:*"] if spec.broker == "redis" else ["saq_jobs", "saq_stats", "saq_versions"],
        before=[["tasks.prepare"]] if spec.broker == "postgresql" else [],
    )


def depth_of(spec: Spec) -> dict[str, list[str]]:
    """On PostgreSQL the scenario's queues are priorities in the one."""
    if spec.broker == "redis":
        pending, in_flight = "list:saq:default:queued", "list:saq:default:active"
        delayed = "positive:saq:default:incomplete"
        return {"pending": [pending], "in_flight": [in_flight], "delayed": [delayed]}
    priorities = range(len(profiles.queues_of(spec)))
    return {
        "pending": [f"{COUNT}'queued' AND {DUE} AND priority = {n}" for n in priorities],
        "in_flight": [f"{COUNT}'active'"],
        "delayed": [f"{COUNT}'queued' AND NOT {DUE}"],
    }


def read_back() -> Settings:
    worker = live.only(Worker)
    queue, job = worker.queue, next(iter(worker.job_task_contexts))
    on_redis = spec.broker == "redis"
    return {
        "concurrency": worker.concurrency,
        **{name: getattr(job, name) for name in ("ttl", "retries", "timeout")},
        "sweep": worker.timers["sweep"],
        "serializer": codec_name(queue._dump),  # noqa: SLF001  it has no other name
        "log_level": logging.getLevelName(logging.getLogger("saq").getEffectiveLevel()),
        "broker_url": live.redis_address(queue.redis, spec.broker_url) if on_redis
        else queue.pool.conninfo,
        "framework_version": metadata.version("saq"),
    }  # fmt: skip


class Producer:
    """``enqueue`` on a queue of the phase's event loop, or of the worker it runs in."""

    loop_factory = None
    queue: Any = None

    async def open(self) -> None:
        self.queue = new_queue()
        await self.queue.connect()

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str:
        timing, name = timing_of(spec), "threaded" if "threads" in spec.wants else "execute"
        job = await self.queue.enqueue(
            "retried" if kind in profiles.RETRIED else name,
            seq=seq, kind=kind, arg=as_text(kind, arg) if serializer == "json" else arg,
            priority=profiles.queues_of(spec).index(queue) if queue else 0,
            scheduled=math.ceil(time.time() + delay_s) if delay_s else 0,
            timeout=0 if kind == "gate" else timing["timeout"], retries=timing["retries"], ttl=-1,
        )  # fmt: skip
        if job is None:
            raise RuntimeError("SAQ dropped the job: there is one with its key")
        return str(job.key)

    async def close(self) -> None:
        await self.queue.disconnect()


within = Producer()  # what tasks send further ones with
probe = Probe(spec, read_back, within)


async def started(ctx: dict[str, Any]) -> None:
    """Its hook: connected, about to ask for jobs."""
    within.queue = ctx["worker"].queue
    note_ready(Path(spec.records))


async def execute(_ctx: dict[str, Any], *, seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, as_sent(kind, arg))


def threaded(_ctx: dict[str, Any], *, seq: int, kind: str, arg: Any) -> None:
    probe.run(seq, kind, arg)


async def retried(ctx: dict[str, Any], *, seq: int, kind: str, arg: Any) -> None:
    ctx["job"].retry_delay = spec.wants.get("retry_s", 1) * 2 ** (ctx["job"].attempts - 1)
    await probe.run_async(seq, kind, arg)


def settings() -> dict[str, Any]:
    """What the command line is pointed to."""
    beside = plugins.load(Path(spec.records), spec.wants.get("plugins", 0), PLUGIN)
    return {
        "queue": new_queue(),
        "functions": [execute, threaded, retried, *(getattr(m, m.__name__) for m in beside)],
        "concurrency": profiles.coroutine_topology(spec, PROFILES[spec.profile]).concurrency,
        "timers": {"sweep": timing_of(spec)["sweep"]},
        "startup": started,
    }


async def prepare(_spec: Spec) -> None:
    """Makes the tables: of two workers that come to none, one goes on without them."""
    queue = new_queue()
    await queue.connect()
    await queue.disconnect()


def listen(spec: Spec, ready: Callable[[], None], heard: Callable[[str, str], None]) -> None:
    """Subscribe to the channels of all jobs."""
    import redis  # SAQ's own client

    client: Any = redis.Redis.from_url(spec.broker_url)
    subscribed = client.pubsub()
    subscribed.psubscribe(f"{JOB}*")
    for message in subscribed.listen():
        if message["type"] == "psubscribe":
            ready()
        elif event := EVENTS.get(message["data"]):
            heard(event, message["channel"].decode().removeprefix(JOB))


def producer(_spec: Spec) -> Producer:
    return Producer()
