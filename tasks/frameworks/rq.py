"""RQ: one job at a time in a worker, by its own command line; a worker a command.

Its usual worker forks a process for every job; ``SimpleWorker`` runs it in its own, as the workers
of the other arms do. Which of the two it is, is the worker class's module attribute here, so that
the job's module is imported before a fork; the stock command line imports it in every fork. A
job's result is kept for 500 s unless told otherwise. Delays and back-offs take a scheduler, a
process that a worker starts; they are whole seconds, cut off: a job may be up to a second early.

A dead worker's job is handed out again at the maintenance after its timeout and 60 s, and only if
it may be tried again: no setting makes that less than a minute.
"""

import logging
from datetime import timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

from redis import Redis
from rq import Queue, Retry, get_current_job
from rq.worker import BaseWorker, SimpleWorker, Worker

from tasks import live, plugins
from tasks.adapter import Gap, Launch
from tasks.as_text import as_sent, as_text
from tasks.probe import Probe, Settings
from tasks.profiles import (
    MATCHED_SOURCE,
    RETRIED,
    RETRIES,
    coroutine_topology,
    queues_of,
    refuse,
    serializer_of,
    usable_cores,
)
from tasks.spec import BROKER_URL, Spec, Topology, read_spec

CLASSES = {"matched": SimpleWorker, "default": Worker, "tuned": Worker}
PROCESSES = {"matched": 2, "default": 1, "tuned": usable_cores()}
SOURCES = {
    "matched": f"{MATCHED_SOURCE}: SimpleWorker, which does not fork; no result, no log lines",
    "default": "rq worker with no options: one worker, a fork a job, results kept for 500 s, four "
    "log lines a job",
    "tuned": "https://github.com/rq/rq/blob/master/docs/benchmark.md, "
    "https://python-rq.org/docs/workers/#performance-notes: the worker that forks, a worker a "
    "core, modules imported before the fork; no result, no log lines",
}
WANTS = {
    "computing", "processes", "reserved", "queues", "serializer", "retry_s", "acks", "redeliver_s",
    "onward", "web", "model", "plugins",
}  # fmt: skip
ONE = "an RQ worker runs one job at a time: a process for each in flight"
GAPS = {
    "waiting": ONE, "threads": ONE, "coroutines": ONE,
    "events": "RQ calls back when a job has ended, and has no stream of events",
}  # fmt: skip
FACTS = {
    "results": "yes, for 500 s by default",
    "retries": "opt-in: a number, and intervals by a scheduler process",
    "delay": "by a scheduler process, to the second",
    "priority": "of queues",
    "cron": "by a process of its own",
    "events": "no",
    "send": "sync",
    "batches": "yes",
    "acknowledgement": "after",
    "redelivery": "if retries are left, at the maintenance (each 10 min) after 90 s; SimpleWorker: "
    "after the job's timeout and 60 s, 240 s by default",
    "licence": "BSD-2-Clause",
}
STOCK_TIMEOUT_S = 180
PLUGIN = "def plugin_{n}(value):\n    return value\n"

spec = read_spec()
if "plugins" in spec.wants:
    plugins.load(Path(spec.records), spec.wants["plugins"], PLUGIN)


def delays(spec: Spec) -> bool:
    """Whether the trial needs the scheduler."""
    return "retry_s" in spec.wants or spec.scenario == "scheduling"


def refuse_more(spec: Spec) -> None:
    """Raises Gap."""
    refuse(spec, WANTS, GAPS)
    if spec.wants.get("acks") == "early":
        raise Gap("RQ keeps a job in its registry until it has ended, always")
    if serializer_of(spec, "pickle") not in {"json", "pickle"}:
        raise Gap("RQ serializes by pickle or JSON, or by a class of one's own")
    if spec.wants.get("reserved", 1) != 1:
        raise Gap("an RQ worker reserves the job that it runs, and no other")
    if delays(spec) and spec.profile == "default":
        raise Gap("the stock command line of RQ starts no scheduler")


def command(spec: Spec) -> list[str]:
    """The stock one when the profile is ``default``."""
    found = ["rq.cli", "worker"]
    if spec.profile != "default":
        found += ["-q", "-w", f"{__name__}.{CLASSES[spec.profile].__name__}", "--results-ttl", "0"]
    if serializer_of(spec, "pickle") != "pickle":
        found += ["-S", "json"]
    if delays(spec):
        found += ["--with-scheduler"]
    if "redeliver_s" in spec.wants:
        found += ["--maintenance-interval", "5", "--worker-ttl", "20", "--results-ttl", "60"]
    return found + (queues_of(spec) if "queues" in spec.wants else [])


def launch(spec: Spec) -> Launch:
    """Raises Gap."""
    refuse_more(spec)
    usual = PROCESSES[spec.profile]
    processes = coroutine_topology(spec, Topology(usual, 1, usual, "late")).processes
    queues, quiet = queues_of(spec), spec.profile != "default"
    return Launch(
        workers=[command(spec)] * processes,
        topology=Topology(processes, 1, processes, "late"),
        asked={
            "worker": CLASSES[spec.profile].__name__,
            "queues": ",".join(queues),
            "serializer": serializer_of(spec, "pickle"),
            "result_ttl_s": result_ttl_s(spec),
            "log_level": "WARNING" if quiet else "INFO",
            "scheduler": delays(spec),
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("rq"),
        },
        depth={
            "pending": [f"list:rq:queue:{q}" for q in queues],
            "in_flight": [f"zset:rq:wip:{q}" for q in queues],
            "delayed": [f"zset:rq:scheduled:{q}" for q in queues],
        },
        source=SOURCES[spec.profile],
        keys=["rq:*"],
        environment={"RQ_REDIS_URL": BROKER_URL},
    )


def result_ttl_s(spec: Spec) -> int:
    """A job whose worker died and which keeps no result is done again and again: it is not found
    when it has succeeded.
    """
    if "redeliver_s" in spec.wants:
        return 60
    return 500 if spec.profile == "default" else 0


def read_back() -> Settings:
    worker, job = live.only(BaseWorker), get_current_job()
    given = worker.default_result_ttl if job.result_ttl is None else job.result_ttl
    return {
        "worker": type(worker).__name__,
        "queues": ",".join(worker.queue_names()),
        "serializer": {"JSONSerializer": "json"}.get(worker.serializer.__name__, "pickle"),
        "result_ttl_s": given,
        "job_timeout_s": job.timeout,
        "log_level": logging.getLevelName(logging.getLogger("rq.worker").level),
        "scheduler": worker.scheduler is not None,
        "maintenance_interval_s": worker.maintenance_interval,
        "worker_ttl_s": worker.worker_ttl,
        "broker_url": live.redis_address(worker.connection, spec.broker_url),
        "framework_version": metadata.version("rq"),
    }


class Producer:
    """``enqueue()`` over one connection."""

    def __init__(self) -> None:
        self._queues: dict[str, Any] = {}

    def open(self) -> None:
        self._connection().ping()

    def _connection(self) -> Any:
        if not self._queues:
            connection = Redis.from_url(spec.broker_url)
            for name in queues_of(spec):
                self._queues[name] = Queue(
                    name, connection=connection, serializer=serializer_of(spec, "pickle")
                )
        return next(iter(self._queues.values())).connection

    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> None:
        self._connection()
        place = self._queues[queue or "default"]
        if serializer_of(spec, "pickle") == "json":
            arg = as_text(kind, arg)
        options = options_of(kind)
        if delay_s:
            place.enqueue_in(timedelta(seconds=delay_s), execute, seq, kind, arg, **options)
        else:
            place.enqueue(execute, seq, kind, arg, **options)

    def close(self) -> None:
        """The process ends next, and its connections with it."""


def options_of(kind: str) -> dict[str, Any]:
    """Of a job: those that the scenario takes; a job keeps no result unless the worker says so."""
    if "redeliver_s" in spec.wants:
        return {"job_timeout": spec.wants["redeliver_s"], "retry": Retry(max=RETRIES)}
    if kind in RETRIED and "retry_s" in spec.wants:
        waits = [spec.wants["retry_s"] * 2**n for n in range(RETRIES)]
        return {"retry": Retry(max=RETRIES, interval=waits)}
    return {}


probe = Probe(spec, read_back, Producer(), forks=spec.profile != "matched")


def execute(seq: int, kind: str, arg: Any) -> None:
    probe.run(seq, kind, as_sent(kind, arg))


def producer(_spec: Spec) -> Producer:
    return Producer()
