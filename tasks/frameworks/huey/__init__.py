"""Huey: processes or threads of one consumer, by its own command line.

A task is popped before it runs: at most once, always, and nothing is reserved that the broker could
tell of. The signal that lets tasks end is SIGINT unless ``-g TERM`` says otherwise, as every
profile but ``default`` does: there SIGTERM cuts tasks off, and they are lost. A consumer serves one
queue, so the scenario's queues are priorities in it, on Redis in another storage. Delays and
back-offs take its scheduler, a process or thread of the consumer, which looks once a second.
"""

from typing import Any

from huey import PostgresHuey, PriorityRedisHuey, RedisHuey
from huey.api import chord
from huey.consumer import Consumer

from tasks import live, plugins, profiles
from tasks.adapter import Launch
from tasks.frameworks.huey import workers
from tasks.frameworks.huey.workers import SETTINGS
from tasks.probe import Probe, Settings
from tasks.profiles import RESULT_S, RETRIED, RETRIES
from tasks.spec import BROKER_URL, Spec, read_spec

PLUGIN = """\
from tasks.frameworks.huey import huey

@huey.task()
def plugin_{n}(value):
    return value
"""

spec = read_spec()


def make_huey(spec: Spec) -> Any:
    """Connects with its first command; tables are made beforehand: two that come to none fail."""
    options = {"results": workers.keeps_results(spec), **SETTINGS.of(spec, "huey")}
    if spec.broker == "postgresql":
        return PostgresHuey(workers.NAME, dsn=spec.broker_url, create_tables=False, **options)
    url = None if spec.broker_url == BROKER_URL else spec.broker_url  # where only described
    kind = PriorityRedisHuey if "queues" in spec.wants else RedisHuey
    return kind(workers.NAME, url=url, **options)


huey = make_huey(spec)


async def prepare(_spec: Spec) -> None:
    huey.storage.initialize_schema()


def launch(spec: Spec) -> Launch:
    """A consumer of processes, or for what waits one of threads a process. Raises Gap."""
    workers.refuse(spec)
    return Launch(
        workers=workers.commands(spec),
        topology=workers.topology_of(spec),
        asked={**workers.asked_of(spec), **profiles.place_and_version("huey")},
        depth=workers.depth_of(spec),
        source=workers.SOURCES[spec.profile],
        keys=["huey.*"] if spec.broker == "redis" else
        [f"huey_{table}" for table in ("kv", "schedule", "task", "counter")],
        before=[["tasks.prepare"]] if spec.broker == "postgresql" else [],
    )  # fmt: skip


def address_of(storage: Any) -> str:
    """Where the live storage is connected to, as the spec has it if it is the same place."""
    if spec.broker == "redis":
        return live.redis_address(storage.conn, spec.broker_url)
    found = storage.conn.info
    return live.database_address(spec.broker_url, found.host, found.port, found.user, found.dbname)


def read_back() -> Settings:
    consumer = live.only(Consumer)
    return {
        **{name: getattr(consumer, name) for name in ("workers", "worker_type")},
        "graceful_signal": getattr(consumer, "graceful_signal", "INT"),
        "scheduler_interval_s": consumer.scheduler_interval,
        "results": consumer.huey.results,
        "log_level": live.log_level("huey"),
        "storage": type(consumer.huey.storage).__name__,
        **profiles.place_and_version("huey", address_of(consumer.huey.storage)),
        **SETTINGS.read(spec, consumer=consumer, huey=consumer.huey),
    }


class Producer:
    """A call of the task, which enqueues it."""

    def open(self) -> None:
        """Connect, so that the first send does not."""
        huey.storage.queue_size()

    def send(self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0) -> None:
        task = retried if kind in RETRIED else execute
        options: dict[str, Any] = {"delay": delay_s} if delay_s else {}
        if "queues" in spec.wants:
            options["priority"] = workers.urgency(spec)[queue or "default"]
        if limit_s := profiles.timeout_of(spec, kind):
            options["timeout"] = limit_s
        task(seq, kind, arg, **options)

    def send_group(self, first: int, members: int) -> None:
        """A chord, whose callback gets the results too."""
        of = [execute.s(seq, "noop", 0) for seq in range(first, first + members)]
        huey.enqueue(chord(of, follow.s(first + members, "noop", 0)))

    def call(self, seq: int, kind: str, arg: Any) -> Any:
        return execute(seq, kind, arg).get(blocking=True, timeout=RESULT_S)

    def close(self) -> None:
        """The process ends next, and its connections with it."""


probe = Probe(spec, read_back, Producer())


@huey.task()  # type: ignore[untyped-decorator]
def execute(seq: int, kind: str, arg: Any) -> int | None:
    return probe.run(seq, kind, arg)


@huey.task()  # type: ignore[untyped-decorator]
def follow(seq: int, kind: str, arg: Any, _results: Any) -> None:
    probe.run(seq, kind, arg)


@huey.task(retries=RETRIES, retry_delay=spec.wants.get("retry_s", 1), retry_backoff=2)  # type: ignore[untyped-decorator]
def retried(seq: int, kind: str, arg: Any) -> None:
    probe.run(seq, kind, arg)


plugins.load(spec, PLUGIN)


def producer(_spec: Spec) -> Producer:
    return Producer()
