"""How arq's workers are started by profile and scenario, and what they cannot do."""

from typing import Any

from arq import cron
from arq.connections import RedisSettings
from arq.worker import Worker

from tasks import profiles
from tasks.settings import Own, parameters, taken
from tasks.spec import Spec

POLL_S = {"matched": 0.01, "default": 0.5, "tuned": 0.01}
SOURCES = {
    "matched": f"{profiles.MATCHED_SOURCE}; polls every 10 ms, as by default (0.5 s) a worker of "
    "one job at a time starts two a second",
    "default": "arq MODULE.SETTINGS: ten jobs, a poll every 0.5 s, two log lines a job",
    "tuned": "https://arq-docs.helpmanual.io: hundreds of jobs at a time, as coroutines; a process "
    "a core, a poll every 10 ms, no log lines",
}
GAPS = {
    "group": "arq has no jobs that wait for others",
    "threads": "arq runs coroutine functions only, in no threads",
    "queues": "an arq worker reads one queue",
    "events": "arq has hooks within the worker, and no stream of events",
    "acks=early": "arq takes a job off its queue when the job has ended, always",
}
TIMEOUT_S, LOCK_BEYOND_S = 300, 10  # of a job by default; a job's lock lives longer by that
STOP_S = 8  # a worker that is asked to end waits for its jobs; by default it cancels them
topology_of = profiles.coroutines(stock=(1, 10), tuned=100)
SETTINGS = Own(
    documented="https://arq-docs.helpmanual.io/#arq.worker.Worker",
    places={
        "worker": taken(
            "queue_read_limit", "max_tries", "retry_jobs", "allow_abort_jobs", "log_results",
            "health_check_interval", "expires_extra_ms", "keep_result_forever",
            poll_delay="poll_delay_s", job_completion_wait="_job_completion_wait",
        ),
        "connection": taken(
            "conn_timeout", "conn_retries", "conn_retry_delay", "max_connections",
            "retry_on_timeout",
        ),
    },
    known=parameters(Worker, RedisSettings),
    decided=frozenset({
        "max_jobs", "job_timeout", "keep_result", "job_serializer", "job_deserializer",
        "queue_name", "burst", "redis_settings",
    }),
)  # fmt: skip


def timeout_s(spec: Spec) -> int:
    """Of a job. A dead worker's lock lives longer, so 11 s is the shortest redelivery."""
    if "redeliver_s" not in spec.wants:
        return TIMEOUT_S
    return max(1, int(spec.wants["redeliver_s"]) - LOCK_BEYOND_S)


def cron_jobs(spec: Spec, tick: Any) -> list[Any]:
    """What each worker starts by itself, at every full second; one of all workers does."""
    if "periodic" not in spec.wants:
        return []
    return [cron(tick, name="tick", second=set(range(60)), microsecond=0)]


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to, beside the address and the version."""
    return {
        "concurrency": topology_of(spec).concurrency,
        "poll_delay": POLL_S[spec.profile],
        "lock_s": timeout_s(spec) + LOCK_BEYOND_S,
        "keep_result_s": spec.wants.get("results", 0),
        "serializer": profiles.serializer_of(spec, "pickle"),
        "log_level": profiles.log_level_of(spec),
    }
