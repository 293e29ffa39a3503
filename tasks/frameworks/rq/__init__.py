"""RQ: one job at a time in a worker, by its own command line; a worker a command.

Its usual worker forks a process for every job; ``SimpleWorker`` runs it in its own, as the workers
of the other arms do. Which of the two it is, is the worker class's module attribute here, so that
the job's module is imported before a fork; the stock command line imports it in every fork. A
job's result is kept for 500 s unless told otherwise. Delays and back-offs take a scheduler, a
process that a worker starts; they are whole seconds, cut off: a job may be up to a second early.

A dead worker's job is handed out again at the maintenance after its timeout and 60 s, and only if
it may be tried again: no setting makes that less than a minute.
"""

from datetime import timedelta
from typing import Any

from redis import Redis
from rq import Queue, get_current_job
from rq.worker import BaseWorker, SimpleWorker, Worker

from tasks import live, plugins, profiles
from tasks.adapter import Launch
from tasks.as_text import as_sent, fitting
from tasks.frameworks.rq import workers
from tasks.frameworks.rq.workers import SETTINGS
from tasks.probe import Probe, Settings
from tasks.profiles import RESULT_S, queues_of, serializer_of
from tasks.spec import BROKER_URL, Spec, read_spec

# Its worker classes are named by the command line, as attributes of this module.
__all__ = ["SimpleWorker", "Worker", "execute", "launch", "producer"]

PLUGIN = "def plugin_{n}(value):\n    return value\n"

spec = read_spec()
OWN = SETTINGS.of(spec, "job")
plugins.load(spec, PLUGIN)


def launch(spec: Spec) -> Launch:
    """Raises Gap."""
    workers.refuse(spec)
    topology = workers.topology_of(spec)
    return Launch(
        workers=[*([workers.command(spec)] * topology.processes), *workers.cron_of(spec)],
        topology=topology,
        dead=[f"zset:rq:failed:{name}" for name in queues_of(spec)],
        asked={**workers.asked_of(spec), **profiles.place_and_version("rq")},
        depth=workers.depth_of(spec),
        source=workers.SOURCES[spec.profile],
        keys=["rq:*"],
        environment={"RQ_REDIS_URL": BROKER_URL},
    )


def read_back() -> Settings:
    worker, job = live.only(BaseWorker), get_current_job()
    given = worker.default_result_ttl if job.result_ttl is None else job.result_ttl
    return {
        "worker": type(worker).__name__,
        "queues": ",".join(worker.queue_names()),
        "serializer": {"JSONSerializer": "json"}.get(worker.serializer.__name__, "pickle"),
        "result_ttl_s": given,
        "job_timeout_s": job.timeout,
        "log_level": live.log_level("rq.worker"),
        "scheduler": worker.scheduler is not None,
        "maintenance_interval_s": worker.maintenance_interval,
        "worker_ttl_s": worker.worker_ttl,
        **profiles.place_and_version("rq", live.redis_address(worker.connection, spec.broker_url)),
        **SETTINGS.read(spec, worker=worker, job=job),
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
                    name, connection=connection, serializer=workers.class_of(spec)
                )
        return next(iter(self._queues.values())).connection

    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> None:
        self._connection()
        place = self._queues[queue or "default"]
        arg = fitting(serializer_of(spec, "pickle"), kind, arg)
        options = {**OWN, **workers.options_of(spec, kind)}
        if delay_s:
            place.enqueue_in(timedelta(seconds=delay_s), execute, seq, kind, arg, **options)
        else:
            place.enqueue(execute, seq, kind, arg, **options)

    def send_group(self, first: int, members: int) -> None:
        """Jobs in one call, and one that depends on all of them."""
        self._connection()
        place = self._queues["default"]
        datas = [
            Queue.prepare_data(execute, (seq, "noop", 0), result_ttl=workers.KEPT_S)
            for seq in range(first, first + members)
        ]
        jobs = place.enqueue_many(datas)
        place.enqueue(execute, first + members, "noop", 0, depends_on=jobs)

    def call(self, seq: int, kind: str, arg: Any) -> Any:
        self._connection()
        job = self._queues["default"].enqueue(execute, seq, kind, arg)
        result = job.latest_result(timeout=int(RESULT_S))
        return result and result.return_value

    def close(self) -> None:
        """The process ends next, and its connections with it."""


probe = Probe(spec, read_back, Producer(), forks=spec.profile != "matched")


def execute(seq: int, kind: str, arg: Any) -> int | None:
    return probe.run(seq, kind, as_sent(kind, arg))


def tick() -> None:
    probe.tick()


def producer(_spec: Spec) -> Producer:
    return Producer()
