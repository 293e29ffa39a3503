"""How Procrastinate's workers are started by profile and scenario, and what they cannot do."""

from typing import Any

from procrastinate.worker import Worker

from tasks import profiles
from tasks.adapter import Gap
from tasks.settings import Own, parameters, taken
from tasks.spec import Spec

DOCS = "https://procrastinate.readthedocs.io/en/stable/howto/production"
SOURCES = {
    "matched": f"{profiles.MATCHED_SOURCE}; a job that succeeds is deleted, no log lines",
    "default": "procrastinate --app APP worker: a job at a time, kept for ever, two log lines each",
    "tuned": f"{DOCS}/concurrency.html: several workers (one a core), 30 coroutines each; "
    f"{DOCS}/delete_finished_jobs.html: a job that succeeds is deleted; no log lines",
}
GAPS = {
    "group": "Procrastinate has no jobs that wait for others",
    "events": "Procrastinate writes its events into a table and tells nobody of them",
    "timeout_s": "a job of Procrastinate's may take as long as it likes",
}
APP = "tasks.frameworks.procrastinate.app"
RUN = ["procrastinate", "--app", APP]
RESCUE = "rescue"  # a queue and its task
topology_of = profiles.coroutines(stock=(1, 1), tuned=30)
COUNT = "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = '{}' AND status = "
DEAD = ["SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"]
DUE = "coalesce(scheduled_at <= now(), true)"
POOL = taken("min_size", "max_size", "max_idle", "max_lifetime", "timeout", "num_workers")
SETTINGS = Own(
    documented="https://procrastinate.readthedocs.io/en/stable/",
    places={
        "worker": taken(
            "fetch_job_polling_interval", "abort_job_polling_interval", "listen_notify",
            "delete_jobs", "shutdown_graceful_timeout", "update_heartbeat_interval",
            "stalled_worker_timeout",
        ),
        "pool": POOL,
    },
    known=parameters(Worker) | POOL.keys(),
    decided=frozenset({"app", "concurrency", "queues", "name", "wait", "install_signal_handlers"}),
)  # fmt: skip


def refuse(spec: Spec) -> None:
    """Raises Gap on what cannot be had."""
    profiles.refuse(spec, GAPS)
    profiles.refuse_all_but_late_json(spec, "Procrastinate")
    if "threads" in spec.wants and spec.profile == "default":
        raise Gap(f"{profiles.STOCK}: it runs one job at a time")


def served(spec: Spec) -> str:
    """The queues of a worker; all there are where the stock way is asked."""
    if spec.profile == "default":
        return "all"
    rescue = [RESCUE] if "redeliver_s" in spec.wants else []
    return ",".join([*profiles.queues_of(spec), *rescue])


def command(spec: Spec) -> list[str]:
    if spec.profile == "default":
        return [*RUN, "worker"]
    slots = str(topology_of(spec).concurrency)
    kept = ["--delete-jobs", SETTINGS.of(spec, "worker").get("delete_jobs", "successful")]
    return [*RUN, "worker", *kept, "--concurrency", slots, "--queues", served(spec)]


def beats(spec: Spec) -> dict[str, Any]:
    """Of a worker's heart; its command line has no words for them."""
    if "redeliver_s" not in spec.wants:
        return {}
    limit_s = spec.wants["redeliver_s"]
    return {"update_heartbeat_interval": 2, "stalled_worker_timeout": limit_s}


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to, beside the address and the version."""
    stock = spec.profile == "default"
    return {
        "concurrency": topology_of(spec).concurrency,
        "queues": served(spec),
        "delete_jobs": "never" if stock else "successful",
        "log_level": profiles.log_level_of(spec),
        **beats(spec),
    }


def depth_of(spec: Spec) -> dict[str, list[str]]:
    queues = profiles.queues_of(spec)
    return profiles.rows_of(queues, COUNT, DUE, waiting="todo", running="doing")
