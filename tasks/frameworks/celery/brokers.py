"""How Celery reaches each broker, and what it and kombu make there."""

from typing import Any
from urllib.parse import urlsplit

from tasks.spec import Spec, region_of

POLL_S = 10.0  # kombu.transport.SQS: default_wait_time_seconds
DATABASES = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
EXPERIMENTAL = "; kombu's SQLAlchemy transport, experimental upstream"
# What kombu imports when it first connects, and what that imports and can do without.
CLIENTS = {
    "redis": ("kombu.transport.redis", "redis"),
    "postgresql": ("kombu.transport.sqlalchemy", "psycopg"),
    "mysql": ("kombu.transport.sqlalchemy", "pymysql"),
    "rabbitmq": ("kombu.transport.pyamqp",),
    "sqs": ("kombu.transport.SQS", "boto3"),
}
# Variants that keep results, and where: on the trial's one server.
RESULTS = {
    "results-redis": {"redis"},
    "results-database": {"postgresql", "mysql"},
    "results-rpc": {"rabbitmq"},
}
# Where a chord can count its members, on the trial's one server.
CHORDS = {
    "redis": "results-redis",
    "postgresql": "results-database",
    "mysql": "results-database",
}
BACKENDS = {
    "": "DisabledBackend",
    "results-redis": "RedisBackend",
    "results-database": "DatabaseBackend",
    "results-rpc": "RPCBackend",
}


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
    """The variant that keeps results, or the one that the scenario takes on this broker: for who
    waits for them, or as a chord needs them; empty: they are ignored.
    """
    variant = str(spec.options.get("variant") or "")
    if variant in RESULTS:
        return variant
    if "results" in spec.wants:
        return next((name for name, brokers in RESULTS.items() if spec.broker in brokers), "")
    return CHORDS.get(spec.broker, "") if "group" in spec.wants else ""


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
    if spec.profile == "matched" and "queues" in spec.wants and "turns" not in spec.wants:
        # The order of -Q is the order of urgency; kombu's default takes turns.
        options["queue_order_strategy"] = "priority"
    return options


def depth_of(broker: str, queues: list[str]) -> dict[str, list[str]]:
    """Where tasks stand at the broker. Delayed ones are with the workers."""
    if broker == "redis":  # a list a queue, and one hash of all unacknowledged messages
        return {
            "pending": [f"list:{q}" for q in queues],
            "in_flight": ["hash:unacked"],
            "delayed": [],
        }
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
        return [*queues, "unacked*", "_kombu.*", "celery-task-meta-*", "chord-*"]
    if broker in DATABASES:
        tables = ["kombu_message", "kombu_queue", "celery_taskmeta", "celery_tasksetmeta"]
        return tables + [f"{name}_id_sequence" for name in ("queue", "message", "task", "taskset")]
    exchanges = [*queues, "celeryev", "celery.pidbox", "reply.celery.pidbox"]
    return [*queues, *(f"exchange:{name}" for name in exchanges if broker == "rabbitmq")]
