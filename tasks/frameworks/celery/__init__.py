"""Celery: prefork workers by its own command line, results ignored unless a variant keeps them.

Settings are read back from the ``worker_ready`` signal of the main process (pool, prefetch as
the channel has it) and from every child's first task (the configuration it really runs with).
"""

import os
from collections.abc import Callable
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

from celery import Celery, chord, current_app
from celery.signals import worker_ready

from tasks import plugins, profiles
from tasks.adapter import UNIT, Launch
from tasks.frameworks.celery import brokers, events, workers
from tasks.frameworks.celery.workers import SETTINGS, acks_of, pool_of, topology_of
from tasks.probe import Probe, Settings, note_ready, write_settings
from tasks.profiles import RESULT_S, RETRIED, RETRIES, queues_of, serializer_of
from tasks.settings import words
from tasks.spec import PLACE_VARIABLE, Spec, read_spec
from tasks.work import NotYet

BEAT = ["celery", "-A", "tasks.frameworks.celery:app", "beat"]
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
APP = "tasks.frameworks.celery:app"
PLUGIN = """\
from celery import shared_task

@shared_task
def plugin_{n}(value: int) -> int:
    return value
"""

spec = read_spec()
serializer = serializer_of(spec, "json")
app = Celery(
    "bench", broker=brokers.kombu_url(spec), backend=brokers.results_url(spec), set_as_current=True
)
app.conf.task_ignore_result = not brokers.kept_results(spec)
if "results" in spec.wants:
    app.conf.result_expires = spec.wants["results"]
app.conf.broker_transport_options = brokers.transport_options(spec)
app.conf.broker_connection_retry_on_startup = True
if acks_of(spec) == "late":
    app.conf.task_acks_late = True
if "queues" in spec.wants:
    app.conf.task_default_queue = "default"
if serializer != "json":
    app.conf.task_serializer = serializer
    app.conf.accept_content = [serializer, "json"]
    # A worker refuses pickle as root; this one's broker is a private one on the loopback address.
    os.environ["C_FORCE_ROOT"] = "1"
app.conf.update(SETTINGS.of(spec, "conf"))
plugins.load(spec, PLUGIN)


def launch(spec: Spec) -> Launch:
    """One worker command; the stock one when the profile is ``default``. Raises Gap."""
    workers.refuse(spec)
    queues, in_tables = queues_of(spec, "celery"), spec.broker in brokers.DATABASES
    # Two processes that come to empty tables both create them, and one of them fails.
    purge = ["celery", "-A", APP, "purge", "--force", "--queues", ",".join(queues)]
    return Launch(
        workers=[command_of(spec), *([BEAT] if "periodic" in spec.wants else [])],
        before=[purge] if in_tables else [],
        topology=topology_of(spec),
        asked=asked_of(spec),
        depth=brokers.depth_of(spec.broker, queues),
        source=workers.SOURCES[spec.profile] + (brokers.EXPERIMENTAL if in_tables else ""),
        keys=brokers.keys_of(spec.broker, queues),
        lingers_s=brokers.POLL_S if spec.broker == "sqs" else 0.0,
        environment=workers.environment(spec),
        varies=pool_of(spec) == "solo",  # while it executes a task nothing is fetched
    )


def import_client(spec: Spec) -> None:
    for name in brokers.CLIENTS[spec.broker]:
        import_module(name)


def command_of(spec: Spec) -> list[str]:
    topology, command = topology_of(spec), ["celery", "-A", APP, "worker"]
    if spec.wants.get("events"):
        command += ["--task-events"]
    if pool_of(spec) != "prefork":
        command += ["--pool", pool_of(spec)]
    if "queues" in spec.wants:
        command += ["--queues", ",".join(queues_of(spec))]
    if spec.wants.get("units", 1) > 1:  # RabbitMQ refuses a second worker of the same name
        command += ["--hostname", f"celery{UNIT}@%h"]
    if spec.profile != "default":
        multiplier = topology.prefetch // topology.slots
        command += size_of_pool(spec)
        command += ["--prefetch-multiplier", str(multiplier), *QUIET]
    return command + words(SETTINGS.of(spec, "line"))


def size_of_pool(spec: Spec) -> list[str]:
    """Its option."""
    slots = str(topology_of(spec).slots)
    return ["--autoscale", f"{slots},1"] if "autoscale" in spec.wants else ["--concurrency", slots]


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to."""
    topology = topology_of(spec)
    scales = "autoscale" in spec.wants
    return {
        "pool": {"threads": "thread"}.get(pool_of(spec), pool_of(spec)),
        # One that scales itself begins with one process.
        "processes": 1 if scales else topology.processes,
        "autoscale": f"{topology.processes},1,{spec.wants['retire_s']:g}" if scales else "off",
        "concurrency": topology.concurrency,
        "prefetch": topology.prefetch,
        "acks": topology.acks,
        "queues": ",".join(queues_of(spec, "celery")),
        "ignore_result": not brokers.kept_results(spec),
        "result_backend": brokers.BACKENDS[brokers.kept_results(spec)],
        **({"result_expires": spec.wants["results"]} if "results" in spec.wants else {}),
        "transport_options": brokers.transport_options(spec),
        "serializer": serializer_of(spec, "json"),
        "events": bool(spec.wants.get("events")),
        **profiles.place_and_version("celery"),
    }


def read_back_child() -> Settings:
    conf = current_app.conf
    there = conf.broker_url == brokers.kombu_url(spec)
    return {
        "acks": "late" if execute.acks_late else "early",
        "ignore_result": execute.ignore_result,
        "broker_url": spec.broker_url if there else conf.broker_url,
        "result_backend": type(current_app.backend).__name__,
        "result_expires": conf.result_expires if "results" in spec.wants else "",
        "transport_options": conf.broker_transport_options,
        "framework_version": metadata.version("celery"),
        "kombu_version": metadata.version("kombu"),
        "serializer": conf.task_serializer,
        **SETTINGS.read(spec, conf=conf),
    }


def tells_tasks(dispatcher: Any) -> bool:
    """Whether a worker's dispatcher sends task events; no groups are all groups."""
    groups = dispatcher.groups if dispatcher else ()
    return bool(dispatcher and dispatcher.enabled and (not groups or "task" in groups))


def scaling_of(autoscaler: Any) -> str:
    """``most,least,seconds`` until an idle process is ended, of a worker that scales itself."""
    if not autoscaler:
        return "off"
    most, least = autoscaler.max_concurrency, autoscaler.min_concurrency
    return f"{most},{least},{autoscaler.keepalive:g}"


@worker_ready.connect  # type: ignore[untyped-decorator]
def read_back_main(sender: Any, **_: Any) -> None:
    note_ready(spec)
    pool = sender.pool
    name = type(pool).__module__.rpartition(".")[2]
    forks = name == "prefork"
    write_settings(
        Path(spec.records),
        "main",
        {
            "pool": name,
            "processes": pool.num_processes if forks else 1,
            "autoscale": scaling_of(sender.controller.autoscaler),
            "concurrency": 1 if forks else pool.limit,
            "prefetch": sender.qos.value,
            "queues": ",".join(sender.app.amqp.queues.consume_from),
            "events": tells_tasks(sender.event_dispatcher),
            "max_tasks_per_child": str(pool.info.get("max-tasks-per-child", "unreadable")),
            "framework_version": metadata.version("celery"),
            **SETTINGS.read(spec, line=sender.controller),
        },
    )


class Producer:
    """``apply_async`` over the app's own connection pool."""

    def open(self) -> None:
        app.pool  # noqa: B018  the property opens the pool: not part of the first send

    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> str:
        options: dict[str, Any] = {"queue": queue} if queue else {}
        if delay_s:
            options["countdown"] = delay_s
        if limit_s := profiles.timeout_of(spec, kind):
            options["time_limit"] = limit_s
        task = retried if kind in RETRIED else execute
        return str(task.apply_async((seq, kind, arg), **options).id)

    def send_group(self, first: int, members: int) -> None:
        """A chord."""
        of = [execute.si(seq, "noop", 0) for seq in range(first, first + members)]
        chord(of)(execute.si(first + members, "noop", 0))

    def call(self, seq: int, kind: str, arg: Any) -> Any:
        return execute.apply_async((seq, kind, arg)).get(timeout=RESULT_S)

    def close(self) -> None:
        """The process ends next, and its pool with it."""


probe = Probe(spec, read_back_child, Producer())


@app.task(name="bench.execute")  # type: ignore[untyped-decorator]
def execute(seq: int, kind: str, arg: Any) -> int | None:
    return probe.run(seq, kind, arg)


@app.task(  # type: ignore[untyped-decorator]
    name="bench.retried",
    autoretry_for=(NotYet,),
    max_retries=RETRIES,
    retry_jitter=False,
    retry_backoff=spec.wants.get("retry_s", 1),
)
def retried(seq: int, kind: str, arg: Any) -> None:
    probe.run(seq, kind, arg)


@app.task(name="bench.tick")  # type: ignore[untyped-decorator]
def tick() -> None:
    probe.tick()


if "periodic" in spec.wants:
    app.conf.beat_schedule = {"tick": {"task": "bench.tick", "schedule": 1.0}}
    app.conf.beat_schedule_filename = f"beat-{os.environ.get(PLACE_VARIABLE)}"


def listen(_spec: Spec, ready: Callable[[], None], heard: Callable[[str, str], None]) -> None:
    events.capture(app, ready, heard)


def producer(_spec: Spec) -> Producer:
    return Producer()
