"""Django's tasks with django-tasks-db: a process runs one task at a time and asks its database for
the next; a process a command, Django's own.

A task is claimed before it runs and never given back: at most once. (Its row says RUNNING then,
which is no reservation that could be returned, so no depth in flight is counted.) Its row, with its
result, stays. A worker that finds nothing sleeps, 1 s unless told otherwise, and nothing wakes it.
Queues have no order; in every profile but ``default`` urgency is a task's priority. JSON knows no
bytes: they go as base64. MySQL is reached by PyMySQL, which calls itself mysqlclient.

Settings are read from the live Worker of ``db_worker`` and from the connection's.
"""

import os
from datetime import timedelta
from importlib import metadata
from typing import Any

from tasks.frameworks.django import workers
from tasks.frameworks.django.workers import SETTINGS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", workers.MODULE)

import django
from django.apps import apps
from django.conf import settings

if not apps.ready:
    django.setup()

from django.db import connection
from django.tasks import task
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from tasks import live, plugins, profiles
from tasks.adapter import Launch
from tasks.as_text import as_sent, as_text
from tasks.probe import Probe, Settings
from tasks.spec import Spec, read_spec

TABLE = "django_tasks_database_dbtaskresult"
FAILED = f"SELECT count(*) FROM {TABLE} WHERE status = 'FAILED'"  # noqa: S608  ours
READY = f"SELECT count(*) FROM {TABLE} WHERE status = 'READY'"  # noqa: S608  ours
NOW = {"mysql": "utc_timestamp(6)", "postgresql": "now()"}
PLUGIN = """\
from django.tasks import task

@task
def plugin_{n}(value: int) -> int:
    return value
"""

spec = read_spec()


def launch(spec: Spec) -> Launch:
    """One command a process. Raises Gap."""
    workers.refuse(spec)
    topology, queues = workers.topology_of(spec), profiles.queues_of(spec)
    due = f"(run_after <= {NOW.get(spec.broker)} OR run_after >= '9999-01-01')"
    return Launch(
        workers=[workers.command(spec)] * topology.processes,
        before=[["django", "migrate", "-v", "0"]],
        environment={"DJANGO_SETTINGS_MODULE": workers.MODULE},
        topology=topology,
        dead=[FAILED],
        asked={**workers.asked_of(spec), **profiles.place_and_version("django")},
        depth={
            "pending": [f"{READY} AND {due} AND queue_name = '{queue}'" for queue in queues],
            "in_flight": [],
            "delayed": [f"{READY} AND NOT {due}"],
        },
        source=workers.SOURCES[spec.profile],
        keys=[TABLE, "django_migrations"],
    )


def read_back() -> Settings:
    worker, known = live.only(Worker), connection.settings_dict
    place = (known["HOST"], known["PORT"], known["USER"], known["NAME"])
    return {
        "interval": worker.interval,
        "queues": ",".join(worker.queue_names),
        "log_level": live.log_level("django.tasks"),
        "CONN_MAX_AGE": known["CONN_MAX_AGE"],
        **profiles.place_and_version("django", live.database_address(spec.broker_url, *place)),
        "backend_version": metadata.version("django-tasks-db"),
        **SETTINGS.read(spec, project=settings, connection=known, worker=worker),
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


plugins.load(spec, PLUGIN)


def producer(_spec: Spec) -> Producer:
    return Producer()
