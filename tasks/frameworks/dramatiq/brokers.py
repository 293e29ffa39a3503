"""Dramatiq's two brokers that the harness has servers for, and the worker that runs on one."""

from collections.abc import Iterator
from typing import Any

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AsyncIO, GroupCallbacks
from dramatiq.rate_limits import backends as rate_limits
from dramatiq.results import Results
from dramatiq.results import backends as results

from tasks.frameworks.dramatiq.workers import SETTINGS
from tasks.live import redis_address
from tasks.profiles import serializer_of
from tasks.spec import BROKER_URL, Spec

ENCODERS = {"json": dramatiq.JSONEncoder, "pickle": dramatiq.PickleEncoder}
LOOKS_ALWAYS = 1_000_000  # of a million commands: all look for dead workers
running: list[Any] = []


class Remember(dramatiq.Middleware):  # type: ignore[misc]
    """Keeps the running worker, so that its settings can be read from it."""

    def before_worker_boot(self, _broker: Any, worker: Any) -> None:
        running.append(worker)  # its threads start before it has booted


def make_broker(spec: Spec) -> Any:
    """Connects with its first command."""
    url = None if spec.broker_url == BROKER_URL else spec.broker_url  # where only described
    own = SETTINGS.of(spec, "broker")
    if spec.broker == "rabbitmq":
        return RabbitmqBroker(url=url, **{"confirm_delivery": spec.profile != "default", **own})
    if "redeliver_s" in spec.wants:
        dead_ms = 1000 * spec.wants["redeliver_s"]
        own |= {"heartbeat_timeout": dead_ms, "maintenance_chance": LOOKS_ALWAYS}
    return RedisBroker(url=url, **own)


def encoder_of(spec: Spec) -> Any:
    """The class; JSON's where the adapter has no other, which ``refuse`` says of the arm."""
    return ENCODERS.get(serializer_of(spec, "json"), dramatiq.JSONEncoder)


def middleware_of(spec: Spec, broker: Any) -> Iterator[dramatiq.Middleware]:
    """What the scenario takes beside the default ones: members of groups are counted in the
    broker's Redis, and results kept there.
    """
    yield Remember()
    on_redis = spec.broker == "redis"
    if "group" in spec.wants and on_redis:
        yield GroupCallbacks(rate_limits.RedisBackend(client=broker.client))
    if "results" in spec.wants and on_redis:
        kept = results.RedisBackend(client=broker.client)
        yield Results(backend=kept, store_results=True, result_ttl=1000 * spec.wants["results"])
    if "coroutines" in spec.wants:
        yield AsyncIO()


def address_of(broker: Any, spec: Spec) -> str:
    """Where the live broker connects to, as the spec has it if it is the same place."""
    if spec.broker == "redis":
        return redis_address(broker.client, spec.broker_url)
    asked, found = type(broker.parameters)(spec.broker_url), broker.parameters
    return spec.broker_url if found == asked else f"amqp://{found.host}:{found.port}"
