"""Django's tasks with django-tasks-db: a process runs one task at a time and asks its database for
the next; a process a command, Django's own.

A task is claimed before it runs and never given back: at most once. (Its row says RUNNING then,
which is no reservation that could be returned, so no depth in flight is counted.) Its row, with its
result, stays. A worker that finds nothing sleeps, 1 s unless told otherwise, and nothing wakes it.
Queues have no order; in every profile but ``default`` urgency is a task's priority. JSON knows no
bytes: they go as base64. MySQL is reached by PyMySQL, which calls itself mysqlclient.

Settings are read from the live Worker of ``db_worker`` and from the connection's.
"""

import logging
import os
from datetime import timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

SETTINGS = "tasks.frameworks.django_settings"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)

import django  # noqa: E402  its modules read the settings as they are imported
from django.apps import apps  # noqa: E402

if not apps.ready:
    django.setup()

from django.db import connection  # noqa: E402
from django.tasks import task  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_tasks_db.management.commands.db_worker import Worker  # noqa: E402

from tasks import live, plugins, profiles  # noqa: E402
from tasks.adapter import Gap, Launch  # noqa: E402
from tasks.as_text import as_sent, as_text  # noqa: E402
from tasks.probe import Probe, Settings  # noqa: E402
from tasks.spec import BROKER_URL, Spec, Topology, read_spec  # noqa: E402

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
WANTS = {
    "waiting", "computing", "processes", "reserved", "queues", "serializer", "acks", "redeliver_s",
    "onward", "web", "model", "plugins",
}  # fmt: skip
ONE = "a worker process of django-tasks-db runs one task at a time"
GAPS = {
    "retry_s": "Django's tasks are not tried again",
    "events": "Django tells of its tasks by signals, within the process",
    "coroutines": ONE,
    "threads": ONE,
}
FACTS = {
    "results": "yes, always",
    "retries": "no",
    "delay": "yes",
    "priority": "yes, of a task, -100 to 100",
    "cron": "no",
    "events": "signals within the process",
    "send": "sync and async",
    "batches": "no",
    "acknowledgement": "before",
    "redelivery": "no, the row stays RUNNING",
    "licence": "BSD-3-Clause",
}
TABLE = "django_tasks_database_dbtaskresult"
NOW = {"mysql": "utc_timestamp(6)", "postgresql": "now()"}
PLUGIN = """\
from django.tasks import task

@task
def plugin_{n}(value: int) -> int:
    return value
"""

spec = read_spec()


def processes_of(spec: Spec) -> int:
    """What waits beside what computes has a process each, as in any pool of processes."""
    wants, usual = spec.wants, PROFILES[spec.profile]
    if spec.profile == "default":
        profiles.refuse_stock(spec, Topology(usual, 1, usual, "early"))
        return usual
    both = wants.get("waiting") if "computing" in wants else None
    return int(both or wants.get("computing", wants.get("processes", usual)))


def refuse_all(spec: Spec) -> None:
    """Raises Gap on what cannot be had."""
    wants = spec.wants
    profiles.refuse(spec, WANTS, GAPS)
    if ("waiting" in wants and "computing" not in wants) or wants.get("reserved", 1) > 1:
        raise Gap(ONE)
    if profiles.serializer_of(spec, "json") != "json":
        raise Gap("Django keeps a task's arguments as JSON, always")
    if wants.get("acks", "early") != "early":
        raise Gap("django-tasks-db claims a task before it runs, and gives none back")


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    refuse_all(spec)
    processes, queues = processes_of(spec), profiles.queues_of(spec)
    command = ["django", "db_worker"]
    if "queues" in spec.wants:
        command += ["--queue-name", ",".join(queues)]
    if spec.profile != "default":
        command += ["--no-startup-delay", "--interval", str(INTERVAL_S[spec.profile]), "-v", "0"]
    ready = f"SELECT count(*) FROM {TABLE} WHERE status = 'READY' AND "  # noqa: S608  ours
    due = f"(run_after <= {NOW.get(spec.broker)} OR run_after >= '9999-01-01')"
    return Launch(
        workers=[command] * processes,
        before=[["django", "migrate", "-v", "0"]],
        environment={"DJANGO_SETTINGS_MODULE": SETTINGS},
        topology=Topology(processes, 1, processes, "early"),
        asked={
            "interval_s": INTERVAL_S[spec.profile],
            "queues": ",".join(queues),
            "log_level": "INFO" if spec.profile == "default" else "CRITICAL",
            "conn_max_age": 0 if spec.profile == "default" else None,
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("django"),
        },
        depth={
            "pending": [f"{ready}{due} AND queue_name = '{queue}'" for queue in queues],
            "in_flight": [],
            "delayed": [f"{ready} NOT {due}"],
        },
        source=SOURCES[spec.profile],
        keys=[TABLE, "django_migrations"],
    )


def read_back() -> Settings:
    worker, known = live.only(Worker), connection.settings_dict
    place = (known["HOST"], known["PORT"], known["USER"], known["NAME"])
    return {
        "interval_s": worker.interval,
        "queues": ",".join(worker.queue_names),
        "log_level": logging.getLevelName(logging.getLogger("django.tasks").level),
        "conn_max_age": known["CONN_MAX_AGE"],
        "broker_url": live.database_address(spec.broker_url, *place),
        "framework_version": metadata.version("django"),
        "backend_version": metadata.version("django-tasks-db"),
    }


class Producer:
    """``enqueue()`` over the thread's connection."""

    def open(self) -> None:
        connection.ensure_connection()

    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> str:
        options: dict[str, Any] = {}
        if queue:
            options = {"queue_name": queue, "priority": profiles.priority_of(spec, queue)}
        if delay_s:
            options["run_after"] = timezone.now() + timedelta(seconds=delay_s)
        wanted = execute.using(**options) if options else execute
        return str(wanted.enqueue(seq, kind, as_text(kind, arg)).id)

    def close(self) -> None:
        connection.close()


probe = Probe(spec, read_back, Producer())


@task
def execute(seq: int, kind: str, arg: Any) -> None:
    probe.run(seq, kind, as_sent(kind, arg))


if "plugins" in spec.wants:
    plugins.load(Path(spec.records), spec.wants["plugins"], PLUGIN)


def producer(_spec: Spec) -> Producer:
    return Producer()
