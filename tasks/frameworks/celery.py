"""Celery: prefork workers by its own command line, results ignored unless a variant keeps them.

Settings are read back from the ``worker_ready`` signal of the main process (pool, prefetch as
the channel has it) and from every child's first task (the configuration it really runs with).
"""

import os
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from celery import Celery, current_app
from celery.events.receiver import EventReceiver
from celery.signals import worker_ready

from tasks import plugins
from tasks.adapter import Gap, Launch
from tasks.probe import Probe, Settings, note_ready, write_settings
from tasks.spec import BROKER_URL, Spec, Topology, read_spec, region_of
from tasks.work import NotYet

Heard = Callable[[str, str], None]

MATCHED = Topology(processes=2, concurrency=1, prefetch=2, acks="late")

OPTIMIZING = "https://docs.celeryq.dev/en/stable/userguide/optimizing.html"
SOURCES = {
    "matched": "same processes, tasks in flight, reservations and late acks for every arm",
    "default": "celery worker, no options: prefork, a process a core, prefetch 4 each, early acks",
    "tuned": f"{OPTIMIZING}#prefetch-limits: multiplier 128 for many short tasks, "
    "1 where latency matters; gossip, mingle and heartbeat off",
}
EXPERIMENTAL = "; kombu's SQLAlchemy transport, experimental upstream"
WANTS = {
    "waiting", "threads", "computing", "processes", "queues", "serializer", "retry_s", "acks",
    "redeliver_s", "onward", "events", "reserved", "web", "model", "plugins",
}  # fmt: skip
EVENTS = {"task-started": "started", "task-succeeded": "succeeded"}
RETRIED = {"flaky", "charge"}  # kinds that fail on purpose
RETRIES = 5
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]


PLUGIN = """\
from celery import shared_task

@shared_task
def plugin_{n}(value: int) -> int:
    return value
"""


APP = "tasks.frameworks.celery:app"
POLL_S = 10.0  # kombu.transport.SQS: default_wait_time_seconds
# Variants that keep results, and where: on the trial's one server.
RESULTS = {
    "results-redis": {"redis"}, "results-database": {"postgresql", "mysql"},
    "results-rpc": {"rabbitmq"},
}  # fmt: skip
BACKENDS = {
    "": "DisabledBackend", "results-redis": "RedisBackend", "results-database": "DatabaseBackend",
    "results-rpc": "RPCBackend",
}  # fmt: skip
DATABASES = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}


def database_url(spec: Spec) -> str:
    """As SQLAlchemy has it, with the client that the cell holds."""
    return f"{DATABASES[spec.broker]}://{spec.broker_url.partition('://')[2]}"


def kombu_url(spec: Spec) -> str:
    """The broker's address as kombu has it."""
    if spec.broker in DATABASES:
        return f"sqla+{database_url(spec)}"
    if spec.broker == "sqs":
        return f"sqs://{spec.broker_url.partition('://')[2]}"
    return spec.broker_url


def kept_results(spec: Spec) -> str:
    """The variant that keeps results; empty: they are ignored."""
    variant = str(spec.options.get("variant") or "")
    return variant if variant in RESULTS else ""


def results_url(spec: Spec) -> str | None:
    """Address of the result backend."""
    match kept_results(spec):
        case "results-redis":
            return spec.broker_url
        case "results-database":
            return f"db+{database_url(spec)}"
        case "results-rpc":
            return "rpc://"
    return None


def transport_options(spec: Spec) -> dict[str, Any]:
    """What kombu is told beside the address; its SQLAlchemy transport takes nothing of it."""
    options: dict[str, Any] = {}
    if spec.broker == "sqs":
        secure = urlsplit(spec.broker_url).scheme == "https"
        options |= {"region": region_of(spec.broker_url), "is_secure": secure}
    if spec.broker == "sqs" and spec.profile != "default":
        # Its documentation's way to rely on long polling alone. By default it also waits a second
        # whenever the prefetch is full: some 4 no-ops a second.
        options["polling_interval"] = 0
    if "redeliver_s" in spec.wants and spec.broker in {"redis", "sqs"}:
        options["visibility_timeout"] = spec.wants["redeliver_s"]
    if spec.broker != "redis":
        return options
    if "redeliver_s" in spec.wants:
        # By default kombu looks for such tasks every 100 s only, whatever the timeout.
        options |= {"unacked_restore_interval": 1, "unacked_restore_throttle": 1}
    if spec.profile == "matched" and "queues" in spec.wants:
        # The order of -Q is the order of urgency; kombu's default takes turns.
        options["queue_order_strategy"] = "priority"
    return options


def serializer_of(spec: Spec) -> str:
    """JSON, unless the scenario takes another; an object of SQLAlchemy's passes as pickle only."""
    usual = "pickle" if spec.wants.get("model") == "whole" else "json"
    return str(spec.wants.get("serializer", usual))


def acks_of(spec: Spec) -> str:
    usual = MATCHED.acks if spec.profile == "matched" else "early"
    return str(spec.wants.get("acks", usual))


spec = read_spec()
app = Celery("bench", broker=kombu_url(spec), backend=results_url(spec), set_as_current=True)
app.conf.task_ignore_result = not kept_results(spec)
app.conf.broker_transport_options = transport_options(spec)
app.conf.broker_connection_retry_on_startup = True
if acks_of(spec) == "late":
    app.conf.task_acks_late = True
if "queues" in spec.wants:
    app.conf.task_default_queue = "default"
if serializer_of(spec) != "json":
    app.conf.task_serializer = serializer_of(spec)
    app.conf.accept_content = [serializer_of(spec), "json"]
    # A worker refuses pickle as root; this one's broker is a private one on the loopback address.
    os.environ["C_FORCE_ROOT"] = "1"
if "plugins" in spec.wants:
    plugins.load(Path(spec.records), spec.wants["plugins"], PLUGIN)


def pool_of(spec: Spec) -> str:
    """``prefork``; ``threads`` when the arm's variant says so, or where the scenario takes them."""
    variant = "threads" if spec.options.get("variant") == "threads" else ""
    fitting = "threads" if wants_threads(spec) and spec.profile != "default" else "prefork"
    return variant or fitting


def wants_threads(spec: Spec) -> bool:
    """Whether tasks are to be in flight in one process: they only wait, or threads are asked."""
    return "threads" in spec.wants or ("waiting" in spec.wants and "computing" not in spec.wants)


def slots_of(spec: Spec) -> int:
    """Tasks at a time: what the scenario takes, or the profile's. The stock command line stays."""
    cores = len(os.sched_getaffinity(0))
    if spec.profile == "default":
        return os.cpu_count() or 1
    for name in ("waiting", "threads", "computing", "processes"):
        if name in spec.wants:
            return int(spec.wants[name])
    return MATCHED.processes if spec.profile == "matched" else cores


def topology_of(spec: Spec) -> Topology:
    """Slots are processes in a prefork pool, threads of one process otherwise."""
    slots = slots_of(spec)
    usual = {"matched": 1, "default": 4}.get(spec.profile, 1)
    multiplier = spec.wants.get("reserved", usual)
    if spec.profile == "tuned" and spec.scenario == "throughput":
        multiplier = 128
    acks = acks_of(spec)
    if pool_of(spec) == "threads":
        return Topology(1, slots, multiplier * slots, acks)
    return Topology(slots, 1, multiplier * slots, acks)


def refuse(spec: Spec) -> None:
    """Raises Gap on what cannot be had."""
    if "coroutines" in spec.wants:
        raise Gap("Celery has no tasks that are coroutines")
    if unknown := set(spec.wants) - WANTS:
        raise Gap(f"the celery adapter cannot give: {', '.join(sorted(unknown))}")
    if spec.profile == "default" and "reserved" in spec.wants:
        raise Gap("the stock command line stays as it is: tuning starts from the matched profile")
    refuse_pool(spec)
    if (kept := kept_results(spec)) and spec.broker not in RESULTS[kept]:
        places = " or ".join(sorted(RESULTS[kept]))
        raise Gap(f"{kept} wants {places}: a trial has one server, for tasks and results")


def refuse_pool(spec: Spec) -> None:
    """Raises Gap where a point's name would say something else than the pool does."""
    wants, found = spec.wants, topology_of(spec).processes
    stock = "the stock command line stays as it is"
    if wants_threads(spec) and pool_of(spec) == "prefork":
        raise Gap(f"{stock}: its pool is prefork, a process for each task in flight")
    if "waiting" in wants:  # beside computing, where no number is named
        return
    asked = wants.get("processes", wants.get("computing", found))
    if asked != found:
        which = stock if spec.profile == "default" else "a threads pool is one process"
        raise Gap(f"{which}: its processes are {found}, not {asked}")


def launch(spec: Spec) -> Launch:
    """One worker command; the stock one when the profile is ``default``. Raises Gap."""
    refuse(spec)
    topology, queues = topology_of(spec), list(spec.wants.get("queues", ["celery"]))
    command = ["celery", "-A", APP, "worker"]
    if spec.wants.get("events"):
        command += ["--task-events"]
    if pool_of(spec) != "prefork":
        command += ["--pool", pool_of(spec)]
    if "queues" in spec.wants:
        command += ["--queues", ",".join(queues)]
    if spec.profile != "default":
        multiplier = topology.prefetch // topology.slots
        command += ["--concurrency", str(topology.slots)]
        command += ["--prefetch-multiplier", str(multiplier), *QUIET]
    # Two processes that come to empty tables both create them, and one of them fails.
    purge = ["celery", "-A", APP, "purge", "--force", "--queues", ",".join(queues)]
    return Launch(
        workers=[command],
        before=[purge] if spec.broker in DATABASES else [],
        topology=topology,
        asked={
            "pool": {"threads": "thread"}.get(pool_of(spec), "prefork"),
            "processes": topology.processes,
            "concurrency": topology.concurrency,
            "prefetch": topology.prefetch,
            "acks": topology.acks,
            "queues": ",".join(queues),
            "ignore_result": not kept_results(spec),
            "result_backend": BACKENDS[kept_results(spec)],
            "transport_options": transport_options(spec),
            "serializer": serializer_of(spec),
            "events": bool(spec.wants.get("events")),
            "broker_url": BROKER_URL,
            "framework_version": metadata.version("celery"),
        },
        depth=depth_of(spec.broker, queues),
        source=SOURCES[spec.profile] + (EXPERIMENTAL if spec.broker in DATABASES else ""),
        keys=keys_of(spec.broker, queues),
        lingers_s=POLL_S if spec.broker == "sqs" else 0.0,
    )


def depth_of(broker: str, queues: list[str]) -> dict[str, list[str]]:
    """Where tasks stand at the broker. Delayed ones are with the workers."""
    if broker == "redis":  # a list a queue, and one hash of all unacknowledged messages
        return {
            "pending": [f"list:{q}" for q in queues], "in_flight": ["hash:unacked"], "delayed": [],
        }  # fmt: skip
    if broker in DATABASES:  # rows stay when they were handed out: nobody knows which are done
        count = (
            "SELECT count(*) FROM kombu_message m JOIN kombu_queue q ON m.queue_id = q.id "
            "WHERE m.visible AND q.name = "
        )
        return {"pending": [f"{count}'{q}'" for q in queues], "in_flight": [], "delayed": []}
    return {"pending": queues, "in_flight": queues, "delayed": []}


def keys_of(broker: str, queues: list[str]) -> list[str]:
    """What Celery and kombu make at a broker."""
    if broker == "redis":
        return [*queues, "unacked*", "_kombu.*", "celery-task-meta-*"]
    if broker in DATABASES:
        tables = ["kombu_message", "kombu_queue", "celery_taskmeta", "celery_tasksetmeta"]
        return tables + [f"{name}_id_sequence" for name in ("queue", "message", "task", "taskset")]
    exchanges = [*queues, "celeryev", "celery.pidbox", "reply.celery.pidbox"]
    return [*queues, *(f"exchange:{name}" for name in exchanges if broker == "rabbitmq")]


def read_back_child() -> Settings:
    conf = current_app.conf
    return {
        "acks": "late" if execute.acks_late else "early",
        "ignore_result": execute.ignore_result,
        "broker_url": spec.broker_url if conf.broker_url == kombu_url(spec) else conf.broker_url,
        "result_backend": type(current_app.backend).__name__,
        "transport_options": conf.broker_transport_options,
        "framework_version": metadata.version("celery"),
        "kombu_version": metadata.version("kombu"),
        "serializer": conf.task_serializer,
    }


def tells_tasks(dispatcher: Any) -> bool:
    """Whether a worker's dispatcher sends task events; no groups are all groups."""
    groups = dispatcher.groups if dispatcher else ()
    return bool(dispatcher and dispatcher.enabled and (not groups or "task" in groups))


@worker_ready.connect  # type: ignore[untyped-decorator]
def read_back_main(sender: Any, **_: Any) -> None:
    note_ready(Path(spec.records))
    pool = sender.pool
    name = type(pool).__module__.rpartition(".")[2]
    forks = name == "prefork"
    write_settings(
        Path(spec.records),
        "main",
        {
            "pool": name,
            "processes": pool.num_processes if forks else 1,
            "concurrency": 1 if forks else pool.limit,
            "prefetch": sender.qos.value,
            "queues": ",".join(sender.app.amqp.queues.consume_from),
            "events": tells_tasks(sender.event_dispatcher),
            "max_tasks_per_child": str(pool.info.get("max-tasks-per-child", "unreadable")),
            "framework_version": metadata.version("celery"),
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
        task = retried if kind in RETRIED else execute
        return str(task.apply_async((seq, kind, arg), **options).id)

    def close(self) -> None:
        """Connections stay in the pool for the next phase, as in a web process."""


probe = Probe(spec, read_back_child, Producer())


@app.task(name="bench.execute")  # type: ignore[untyped-decorator]
def execute(seq: int, kind: str, arg: Any) -> None:
    probe.run(seq, kind, arg)


@app.task(  # type: ignore[untyped-decorator]
    name="bench.retried", autoretry_for=(NotYet,), max_retries=RETRIES, retry_jitter=False,
    retry_backoff=spec.wants.get("retry_s", 1),
)  # fmt: skip
def retried(seq: int, kind: str, arg: Any) -> None:
    probe.run(seq, kind, arg)


class Listener(EventReceiver):  # type: ignore[misc]
    """Celery's event receiver, which says when it is consuming."""

    def __init__(self, connection: Any, ready: Callable[[], None], heard: Heard) -> None:
        super().__init__(connection, {"*": lambda event: self._hear(event, heard)}, app=app)
        self._ready = ready

    def on_consume_ready(self, *args: Any, **more: Any) -> None:
        super().on_consume_ready(*args, **more)
        self._ready()

    def _hear(self, event: dict[str, Any], heard: Heard) -> None:
        if kind := EVENTS.get(event["type"]):
            heard(kind, event["uuid"])


def listen(_spec: Spec, ready: Callable[[], None], heard: Heard) -> None:
    """Capture task events as ``celery events`` does."""
    with app.connection_for_read() as connection:
        Listener(connection, ready, heard).capture()


def producer(_spec: Spec) -> Producer:
    return Producer()
