"""AsyncTasQ: coroutine tasks; its stock command line, or a programmatic worker a process.

The command line cannot set everything it offers (some flags do nothing), so profiles other than
``default`` run :class:`asynctasq.Worker` directly. Settings are read from the live Worker object.

Bodies that compute run in its process pool, as a ``SyncProcessTask``: ``@task(process=True)`` loses
its flag on the way to the worker and runs in a thread.
"""

import asyncio
import gc
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import asynctasq
import uvloop
from asynctasq import (
    AsyncTasQIntegration,
    Config,
    DriverFactory,
    EventRegistry,
    SyncProcessTask,
    SyncTask,
    TaskDefaultsConfig,
    Worker,
)
from asynctasq.config import (
    EventsConfig,
    MySQLConfig,
    PostgresConfig,
    RabbitMQConfig,
    RedisConfig,
    SQSConfig,
)
from asynctasq.core.dispatcher import cleanup, get_dispatcher

from tasks import plugins
from tasks.adapter import Gap, Launch
from tasks.probe import Probe, Settings, note_ready, write_settings
from tasks.spec import (
    BROKER_ADDRESS,
    BROKER_PASSWORD,
    BROKER_REGION,
    BROKER_URL,
    BROKER_USER,
    Spec,
    Topology,
    read_spec,
    region_of,
    without_user,
)

CORES = len(os.sched_getaffinity(0))
PROFILES = {
    "matched": Topology(processes=2, concurrency=1, prefetch=2, acks="late"),
    "default": Topology(processes=1, concurrency=10, prefetch=10, acks="late"),
    "tuned": Topology(CORES, concurrency=10, prefetch=10 * CORES, acks="late"),
}
SOURCES = {
    "matched": "same processes, tasks in flight, reservations and late acks for every arm",
    "default": "python -m asynctasq worker with no options but its driver, the broker's address "
    "in its environment",
    "tuned": "asynctasq docs/best-practices.md: several worker processes (one a core), "
    "the default concurrency of 10 each; programmatic, so no log line a task",
}
# ``redeliver_s`` is the visibility timeout of a task. It comes to nothing on Redis, where a dead
# worker's tasks stay in ``processing``, and RabbitMQ hands them out again at once.
WANTS = {
    "waiting", "coroutines", "threads", "computing", "processes", "queues", "serializer",
    "retry_s", "acks", "redeliver_s", "onward", "events", "reserved", "web", "model", "plugins",
}  # fmt: skip
IN_FLIGHT = ("waiting", "coroutines", "threads")  # so many in one process
CHANNEL = "asynctasq:events"
EVENTS = {"task_started": "started", "task_completed": "succeeded"}
ATTEMPTS = 6
HEAVY = {"pbkdf2", "spin", "digest"}  # kinds for the process pool where others wait beside them
# The pool replaces a process after 100 tasks unless told otherwise, and each start takes a second.
TASKS_PER_CHILD = 100_000
VISIBILITY_S = 3600  # its default
READABLE = (
    "max_connections", "max_pool_size", "prefetch_count", "keep_completed_tasks",
    "delayed_task_interval",
)  # fmt: skip

PLUGIN = """\
import asynctasq

@asynctasq.task
async def plugin_{n}(value: int) -> int:
    return value
"""

spec = read_spec()
if "plugins" in spec.wants:
    plugins.load(Path(spec.records), spec.wants["plugins"], PLUGIN)
if "model" in spec.wants:
    from tasks.models import Base, async_sessions

    Base._asynctasq_session_factory = async_sessions(Path(spec.records))  # noqa: SLF001  its way


@dataclass(frozen=True)
class Backend:
    """How AsyncTasQ reaches a broker, and what it makes there; ``{q}`` stands for a queue.

    ``driver``: its name and that of its part of the configuration, which ``config`` makes of the
    address. ``variables``: the same for its command line, which finds what it is not told in its
    environment. ``address``: of a live driver, as the spec has it. ``pending``, ``in_flight``,
    ``delayed``, ``keys``: see ``tasks.adapter.Launch``.
    """

    driver: str
    config: Callable[[str], Any]
    variables: dict[str, str]
    address: Callable[[Any], str]
    pending: str
    in_flight: str
    delayed: str
    keys: list[str] = field(default_factory=lambda: ["{q}"])


def tables(driver: str, config: Callable[[str], Any]) -> Backend:
    """PostgreSQL and MySQL: one table of tasks with their state."""
    count = "SELECT count(*) FROM task_queue WHERE queue_name = '{q}' AND status = "
    return Backend(
        driver, config, {"DSN": BROKER_URL}, lambda live: str(live.dsn),
        pending=f"{count}'pending' AND available_at <= now()",
        in_flight=f"{count}'processing'",
        delayed=f"{count}'pending' AND available_at > now()",
        keys=["task_queue", "dead_letter_queue"],
    )  # fmt: skip


def sqs_config(url: str) -> Any:
    parts = urlsplit(url)
    return SQSConfig(
        endpoint_url=without_user(url), aws_access_key_id=unquote(parts.username or "") or None,
        aws_secret_access_key=unquote(parts.password or "") or None, region=region_of(url),
    )  # fmt: skip


def sqs_address(live: Any) -> str:
    """The spec's own where it says the same: there is more than one way to quote a secret."""
    asked = sqs_config(spec.broker_url)
    names = ("endpoint_url", "aws_access_key_id", "aws_secret_access_key")
    if all(getattr(live, name) == getattr(asked, name) for name in names):
        return spec.broker_url
    scheme, _, place = live.endpoint_url.partition("://")
    key, secret = (quote(str(getattr(live, name)), safe="") for name in names[1:])
    return f"{scheme}://{key}:{secret}@{place}"


BACKENDS = {
    "redis": Backend(
        "redis", lambda url: RedisConfig(url=url), {"URL": BROKER_URL},
        lambda live: str(live.url), "list:queue:{q}", "list:queue:{q}:processing",
        "zset:queue:{q}:delayed", ["queue:{q}", "queue:{q}:*"],
    ),
    "postgresql": tables("postgres", lambda url: PostgresConfig(dsn=url)),
    "mysql": tables("mysql", lambda url: MySQLConfig(dsn=url)),
    "rabbitmq": Backend(
        "rabbitmq", lambda url: RabbitMQConfig(url=url), {"URL": BROKER_URL},
        lambda live: str(live.url), "{q}", "{q}", "{q}_delayed",
        ["{q}", "{q}_delayed", "exchange:asynctasq"],
    ),
    "sqs": Backend(
        "sqs", sqs_config,
        {"REGION": BROKER_REGION, "ENDPOINT_URL": BROKER_ADDRESS,
         "AWS_ACCESS_KEY_ID": BROKER_USER, "AWS_SECRET_ACCESS_KEY": BROKER_PASSWORD},
        sqs_address, "{q}", "{q}", "{q}",
    ),
}  # fmt: skip
backend = BACKENDS[spec.broker]


def configure(spec: Spec) -> None:
    options: Any = {"driver": backend.driver, backend.driver: backend.config(spec.broker_url)}
    if "retry_s" in spec.wants:
        options["task_defaults"] = TaskDefaultsConfig(
            max_attempts=ATTEMPTS, retry_delay=spec.wants["retry_s"], retry_strategy="exponential"
        )
    if spec.wants.get("events"):
        options["events"] = EventsConfig(
            enable_all=True, enable_event_emitter_redis=True, channel=CHANNEL
        )
    asynctasq.init(options)


def queues_of(spec: Spec) -> list[str]:
    return list(spec.wants.get("queues", ["default"]))


def all_in_pool(spec: Spec) -> bool:
    """Whether every body runs in the process pool."""
    return "computing" in spec.wants and "waiting" not in spec.wants


def topology_of(spec: Spec) -> Topology:
    """The profile's, or what the scenario takes instead. The stock command line stays as it is."""
    usual, wants = PROFILES[spec.profile], spec.wants
    if spec.profile == "default":
        return Topology(CORES, 1, usual.prefetch, usual.acks) if all_in_pool(spec) else usual
    for name in IN_FLIGHT:
        if name in wants:
            return Topology(1, wants[name], wants[name], usual.acks)
    processes = wants.get("computing", wants.get("processes", usual.processes))
    each = 1 if "computing" in wants else wants.get("reserved", usual.concurrency)
    return Topology(processes, each, processes * each, usual.acks)


def worker_settings(spec: Spec) -> dict[str, int]:
    """Worker processes to start, and what each is given: concurrency and size of its pool."""
    topology = topology_of(spec)
    if all_in_pool(spec):
        return {"workers": 1, "concurrency": topology.processes, "pool": topology.processes}
    pool = spec.wants.get("computing", 0)
    return {"workers": topology.processes, "concurrency": topology.concurrency, "pool": pool}


def refuse(spec: Spec) -> None:
    """Raises Gap on what cannot be had, at all or by the stock command line."""
    wants = spec.wants
    if unknown := set(wants) - WANTS:
        raise Gap(f"the asynctasq adapter cannot give: {', '.join(sorted(unknown))}")
    if wants.get("serializer", "msgpack") != "msgpack":
        raise Gap("AsyncTasQ serializes by msgpack only")
    if wants.get("acks", "late") != "late":
        raise Gap("AsyncTasQ acknowledges after the task, always")
    if wants.get("events") and spec.broker != "redis":
        raise Gap("AsyncTasQ tells its events by Redis only, and a trial has one server")
    if spec.profile != "default":
        return
    if "retry_s" in wants:
        raise Gap("the stock command line of AsyncTasQ tries again after 60 s, and takes no other")
    if wants.get("events"):
        raise Gap("the stock command line of AsyncTasQ has no option that switches events on")
    refuse_stock(spec)


def refuse_stock(spec: Spec) -> None:
    """Raises Gap where a point's name would say something else than the stock command line does.

    It has ten coroutines in one process, however many a scenario wants to wait.
    """
    wants, stock = spec.wants, topology_of(spec)
    if "reserved" in wants:
        raise Gap("the stock command line stays as it is: tuning starts from the matched profile")
    if "threads" in wants:
        raise Gap("the stock command line stays as it is: it takes more tasks than it has threads")
    asked = wants.get("processes", wants["computing"] if all_in_pool(spec) else stock.processes)
    if asked != stock.processes:
        words = f"its processes are {stock.processes}, not {asked}"
        raise Gap(f"the stock command line stays as it is: {words}")


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to."""
    stock, own, wants = spec.profile == "default", worker_settings(spec), spec.wants
    version = metadata.version("asynctasq")
    if all_in_pool(spec) and stock:  # nothing of ours runs in the worker itself
        return {"pool": "process", "framework_version": version}
    asked: dict[str, Any] = {
        "concurrency": own["concurrency"],
        "queues": ",".join(queues_of(spec)),
        "driver": backend.driver,
        "broker_url": BROKER_URL,
        "framework_version": version,
    }
    if own["pool"] and not stock:
        asked |= {"process_pool_size": own["pool"], "tasks_per_child": TASKS_PER_CHILD}
    if "retry_s" in wants:
        asked |= {"retry_s": wants["retry_s"], "retry_strategy": "exponential"}
    if wants.get("events"):
        asked["emitters"] = "LoggingEventEmitter,RedisEventEmitter"
    return asked


def launch(spec: Spec) -> Launch:
    """One command a worker process. Raises Gap."""
    refuse(spec)
    queues = queues_of(spec)
    cli = ["asynctasq", "worker", "--driver", backend.driver]
    if "queues" in spec.wants:
        cli += ["--queues", ",".join(queues)]
    migrate = ["asynctasq", "migrate", "--driver", backend.driver]
    prefix = f"ASYNCTASQ_{backend.driver.upper()}_"
    programmatic = [["tasks.worker"]] * worker_settings(spec)["workers"]
    return Launch(
        workers=[cli] if spec.profile == "default" else programmatic,
        topology=topology_of(spec),
        asked=asked_of(spec),
        depth={
            meaning: [getattr(backend, meaning).format(q=q) for q in queues]
            for meaning in ("pending", "in_flight", "delayed")
        },
        source=SOURCES[spec.profile],
        keys=list(dict.fromkeys(key.format(q=q) for q in queues for key in backend.keys)),
        queues=queues if spec.broker == "sqs" else [],
        before=[migrate] if spec.broker in {"postgresql", "mysql"} else [],
        environment={prefix + name: value for name, value in backend.variables.items()},
    )


def live_worker() -> Worker:
    """The Worker object of this process. Raises RuntimeError unless there is exactly one."""
    found = [o for o in gc.get_objects() if isinstance(o, Worker)]
    if len(found) != 1:
        raise RuntimeError(f"expected one asynctasq Worker in this process, found {len(found)}")
    return found[0]


def settings_of(worker: Worker) -> Settings:
    driver: Any = worker.queue_driver
    return {
        "concurrency": worker.concurrency,
        "queues": ",".join(worker.queues),
        "driver": type(driver).__name__.removesuffix("Driver").lower(),
        "broker_url": backend.address(driver),
        **{name: getattr(driver, name) for name in READABLE if hasattr(driver, name)},
        "process_pool_size": worker.process_pool_size,
        "tasks_per_child": worker.process_pool_max_tasks_per_child,
        "entry": Path(sys.argv[0]).parent.name,
        "framework_version": metadata.version("asynctasq"),
    }


def read_back() -> Settings:
    """Of the worker this task runs in, or of the pool's process that it runs in."""
    try:
        loop = type(asyncio.get_running_loop()).__module__
    except RuntimeError:
        if "threads" not in spec.wants:  # a process of the pool
            return {"pool": "process", "framework_version": metadata.version("asynctasq")}
        loop = "a thread has none"
    defaults = Config.get().task_defaults
    return {
        **settings_of(live_worker()), "loop": loop, "retry_s": defaults.retry_delay,
        "retry_strategy": defaults.retry_strategy,
        "emitters": ",".join(sorted(type(e).__name__ for e in EventRegistry.get_all())),
    }  # fmt: skip


class Producer:
    """``dispatch()`` on the loop that ``asynctasq.run`` uses."""

    loop_factory = staticmethod(uvloop.new_event_loop)

    async def open(self) -> None:
        """Connect: the driver would do it in the first dispatch, which is measured."""
        configure(spec)
        await get_dispatcher().driver.get_queue_size("default", False, False)

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str:
        task = task_of(seq, kind, arg)
        if queue:
            task = task.on_queue(queue)
        if delay_s:
            task = task.delay(round(delay_s))  # whole seconds are what it takes
        return str(await task.dispatch())

    async def close(self) -> None:
        await cleanup()  # the driver belongs to this phase's event loop


probe = Probe(spec, read_back, Producer())


@asynctasq.task(
    max_attempts=ATTEMPTS if "retry_s" in spec.wants else 3,
    visibility_timeout=spec.wants.get("redeliver_s", VISIBILITY_S),
)
async def execute(seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, arg)


class Compute(SyncProcessTask):  # type: ignore[misc]
    """The same in a process of the pool."""

    seq: int
    kind: str
    arg: Any

    def execute(self) -> None:
        probe.run(self.seq, self.kind, self.arg)


class Threaded(SyncTask):  # type: ignore[misc]
    """The same in a thread of the worker."""

    seq: int
    kind: str
    arg: Any

    def execute(self) -> None:
        probe.run(self.seq, self.kind, self.arg)


def task_of(seq: int, kind: str, arg: Any) -> Any:
    """The framework's task for a body: computing ones go to processes if it has any."""
    if "computing" in spec.wants and (kind in HEAVY or "waiting" not in spec.wants):
        return Compute(seq=seq, kind=kind, arg=arg)
    if "threads" in spec.wants:
        return Threaded(seq=seq, kind=kind, arg=arg)
    return execute(seq, kind, arg)


class ToldWorker(Worker):  # type: ignore[misc]
    """Says when it is ready: connected, its pool made, about to ask for tasks.

    Its own sign of that is an event, ``worker_online``, and events are off by default.
    """

    async def _run(self) -> None:
        note_ready(Path(spec.records))
        await super()._run()


def work(spec: Spec) -> None:
    """The programmatic worker: what the command line does, without its logging."""
    configure(spec)
    own = worker_settings(spec)
    pool = {
        "process_pool_size": own["pool"], "process_pool_max_tasks_per_child": TASKS_PER_CHILD,
    } if own["pool"] else {}  # fmt: skip
    worker = ToldWorker(
        queue_driver=DriverFactory.create(backend.driver, Config.get()), queues=queues_of(spec),
        concurrency=own["concurrency"], **pool,
    )  # fmt: skip
    if all_in_pool(spec):
        write_settings(Path(spec.records), "main", settings_of(worker))
    asynctasq.run(worker.start())


def listen(spec: Spec, ready: Callable[[], None], heard: Callable[[str, str], None]) -> None:
    """Subscribe to the channel that its Redis emitter publishes to."""
    import msgspec  # not in the cell of 1.4.1, which measures everything else all the same
    import redis

    client: Any = redis.Redis.from_url(spec.broker_url)
    subscribed = client.pubsub()
    subscribed.subscribe(CHANNEL)
    for message in subscribed.listen():
        if message["type"] == "subscribe":
            ready()
            continue
        event = msgspec.msgpack.decode(message["data"])
        if kind := EVENTS.get(event["event_type"]):
            heard(kind, event["task_id"])


def producer(_spec: Spec) -> Producer:
    return Producer()


class WebProducer:
    """Its FastAPI integration: the driver opened and closed by its lifespan, and its dispatcher.

    ``task.dispatch()`` would connect by a driver of its own beside it. An endpoint would have the
    dispatcher by ``Depends``, for which FastAPI goes through a thread; here it is asked directly.
    """

    loop_factory = None  # uvicorn's own

    def __init__(self) -> None:
        configure(spec)
        self._integration = AsyncTasQIntegration()
        self._lifespan = self._integration.lifespan(app=None)  # it never looks at it

    async def open(self) -> None:
        await self._lifespan.__aenter__()

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str:
        if queue or delay_s:
            raise NotImplementedError
        dispatcher = self._integration.get_dispatcher()
        return str(await dispatcher.dispatch(task_of(seq, kind, arg)))

    async def close(self) -> None:
        await self._lifespan.__aexit__(None, None, None)


def web_producer(_spec: Spec) -> WebProducer:
    return WebProducer()
