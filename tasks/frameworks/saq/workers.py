"""How SAQ's workers are started by profile and scenario, what they cannot do, and where its jobs
stand.
"""

from importlib import import_module
from typing import Any

from saq import CronJob, Worker

from tasks import profiles
from tasks.adapter import Gap
from tasks.settings import Own, parameters, taken
from tasks.spec import Spec

SOURCES = {
    "matched": profiles.MATCHED_SOURCE,
    "default": "saq MODULE.SETTINGS with no options: ten jobs in one process",
    "tuned": "https://saq-py.readthedocs.io: several worker processes (one a core), hiredis; ten "
    "jobs each, as by default",
}
GAPS = {
    "acks=early": "SAQ takes a job off its queue when the job has ended, always",
    "group": "SAQ waits for jobs in the caller, and starts none when others are done",
}
GAPS_ON = {
    "redis": {"queues": "a SAQ worker reads one queue, and on Redis that has no priorities"},
    "postgresql": {
        "events": "SAQ tells a job's status by Redis only",
        "turns": "a SAQ worker reads one queue, in which some are the more urgent",
    },
}
TIMEOUT_S, SWEEP_S = 10, 60  # by default
COUNT = "SELECT count(*) FROM saq_jobs WHERE queue = 'default' AND status = "
DUE = "scheduled <= extract(epoch FROM now())"
KEYS = {"redis": ["saq:*"], "postgresql": ["saq_jobs", "saq_stats", "saq_versions"]}
topology_of = profiles.coroutines(stock=(1, 10), tuned=10)
TIMERS = {f"timers.{name}": name for name in ("schedule", "worker_info", "sweep", "abort")}
JOB = taken("timeout", "heartbeat", "retries", "retry_delay", "retry_backoff", "ttl")
POOL = taken("min_size", "max_size", "saq_lock_keyspace")
SETTINGS = Own(
    documented="https://saq-py.readthedocs.io",
    places={
        "worker": taken(
            "dequeue_timeout", poll_interval="_poll_interval",
            shutdown_grace_period_s="_shutdown_grace_period_s",
            cancellation_hard_deadline_s="_cancellation_hard_deadline_s",
        ),
        "timers": TIMERS,
        "job": JOB,
    },
    on={"postgresql": POOL},
    known=parameters(Worker) | TIMERS.keys() | JOB.keys() | POOL.keys() | {"max_concurrent_ops"},
    decided=frozenset({"queue", "functions", "concurrency", "startup", "burst", "timers"}),
)  # fmt: skip


def import_client(spec: Spec) -> None:
    import_module(f"saq.queue.{'redis' if spec.broker == 'redis' else 'postgres'}")


def refuse(spec: Spec) -> None:
    """Raises Gap on what cannot be had."""
    profiles.refuse(spec, GAPS | GAPS_ON[spec.broker], {"results"})
    if "threads" in spec.wants and spec.profile == "default":
        raise Gap(f"{profiles.STOCK}: it takes more tasks than it has threads")


def timing_of(spec: Spec) -> dict[str, Any]:
    """Of every job, of which a ``ttl`` of -1 keeps nothing when it has ended; and of the sweep that
    looks for those of dead workers, to try them again.
    """
    again = {"retry_s", "redeliver_s"} & set(spec.wants)
    return {
        "retries": 1 + profiles.RETRIES if again else 1,
        "timeout": spec.wants.get("redeliver_s", TIMEOUT_S),
        "ttl": spec.wants.get("results", -1),
        "sweep": 2 if "redeliver_s" in spec.wants else SWEEP_S,
    }


def cron_jobs(spec: Spec, tick: Any) -> list[CronJob[Any]]:
    """What workers start by themselves, at every full second."""
    if "periodic" not in spec.wants:
        return []
    return [CronJob(tick, cron="* * * * * *", **usual_of(spec))]


def usual_of(spec: Spec) -> dict[str, Any]:
    """Of every job, whoever starts it."""
    timing = timing_of(spec)
    return {name: timing[name] for name in ("timeout", "retries", "ttl")}


def timers_of(spec: Spec) -> dict[str, Any]:
    """Seconds between its rounds."""
    own = SETTINGS.of(spec, "timers")
    named = {name.removeprefix("timers."): value for name, value in own.items()}
    return {"sweep": timing_of(spec)["sweep"], **named}


def job_options(spec: Spec) -> dict[str, Any]:
    """Of a job that is sent."""
    return {**usual_of(spec), **SETTINGS.of(spec, "job")}


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to, beside the address and the version."""
    return {
        "concurrency": topology_of(spec).concurrency,
        **timing_of(spec),
        "serializer": profiles.serializer_of(spec, "json"),
        "log_level": "WARNING",
    }


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
