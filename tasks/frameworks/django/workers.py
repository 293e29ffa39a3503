"""How workers of django-tasks-db are started by profile and scenario, and what they cannot do."""

from typing import Any

from django.conf import global_settings

from tasks import profiles
from tasks.adapter import Gap
from tasks.settings import Own, taken, words
from tasks.spec import Spec, Topology

MODULE = "tasks.frameworks.django_settings"
CORES = profiles.usable_cores()
PROFILES = {"matched": 2, "default": 1, "tuned": CORES}  # processes
INTERVAL_S = {"matched": 0.1, "default": 1.0, "tuned": 0.1}
DOCS = "https://docs.djangoproject.com/en/6.1/ref/databases/#persistent-connections"
SOURCES = {
    "matched": f"{profiles.MATCHED_SOURCE}; but a task is claimed before it runs, at most once; "
    "looks each 0.1 s, a connection that stays, no log lines",
    "default": "django db_worker with no options: one process, looks each 1 s, a connection a look",
    "tuned": f"{DOCS}: a connection that stays; a process a core, looks each 0.1 s, no log lines",
}
PROJECT = {name for name in dir(global_settings) if name.isupper()}
CONNECTION = taken("CONN_MAX_AGE", "CONN_HEALTH_CHECKS", "DISABLE_SERVER_SIDE_CURSORS")
WORKER = {"interval", "batch", "reload", "startup_delay", "max_tasks", "worker_id"}
OURS = {"SECRET_KEY", "USE_TZ", "INSTALLED_APPS", "DATABASES", "TASKS"}
SETTINGS = Own(
    documented="https://docs.djangoproject.com/en/6.1/ref/settings/",
    places={"project": taken(*PROJECT), "connection": CONNECTION, "worker": taken("interval")},
    known=PROJECT | CONNECTION.keys() | WORKER,
    decided=frozenset(OURS | WORKER - {"interval"}),
)
ONE = "a worker process of django-tasks-db runs one task at a time"
GAPS = {
    "periodic": "Django's tasks have no scheduler",
    "group": "Django's tasks do not wait for others",
    "timeout_s": "Django's tasks may take as long as they like",
    "retry_s": "Django's tasks are not tried again",
    "events": "Django tells of its tasks by signals, within the process",
    "results": "Django keeps every result for good, and has no call that waits for one",
    "coroutines": ONE,
    "threads": ONE,
}


def processes_of(spec: Spec) -> int:
    """What waits beside what computes has a process each, as in any pool of processes."""
    wants, usual = spec.wants, PROFILES[spec.profile]
    if spec.profile == "default":
        profiles.refuse_stock(spec, Topology(usual, 1, usual, "early"))
        return usual
    both = wants.get("waiting") if "computing" in wants else None
    return int(both or wants.get("computing", wants.get("processes", usual)))


def refuse(spec: Spec) -> None:
    """Raises Gap on what cannot be had."""
    wants = spec.wants
    profiles.refuse(spec, GAPS)
    if ("waiting" in wants and "computing" not in wants) or wants.get("reserved", 1) > 1:
        raise Gap(ONE)
    if profiles.serializer_of(spec, "json") != "json":
        raise Gap("Django keeps a task's arguments as JSON, always")
    if wants.get("acks", "early") != "early":
        raise Gap("django-tasks-db claims a task before it runs, and gives none back")


def topology_of(spec: Spec) -> Topology:
    processes = processes_of(spec)
    return Topology(processes, 1, processes, "early")


def command(spec: Spec) -> list[str]:
    found = ["django", "db_worker"]
    if "queues" in spec.wants:
        found += ["--queue-name", ",".join(profiles.queues_of(spec))]
    if spec.profile != "default":
        found += ["--no-startup-delay", "--interval", str(INTERVAL_S[spec.profile]), "-v", "0"]
    return found + words(SETTINGS.of(spec, "worker"))


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to, beside the address and the version."""
    return {
        "interval": INTERVAL_S[spec.profile],
        "queues": ",".join(profiles.queues_of(spec)),
        "log_level": "INFO" if spec.profile == "default" else "CRITICAL",
        "CONN_MAX_AGE": 0 if spec.profile == "default" else None,
    }
