"""How AsyncTasQ reaches each broker, and what it makes there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from asynctasq.config import MySQLConfig, PostgresConfig, RabbitMQConfig, RedisConfig, SQSConfig

from tasks.spec import (
    BROKER_ADDRESS,
    BROKER_PASSWORD,
    BROKER_REGION,
    BROKER_URL,
    BROKER_USER,
    Spec,
    region_of,
    without_user,
)


@dataclass(frozen=True)
class Backend:
    """How AsyncTasQ reaches a broker, and what it makes there; ``{q}`` stands for a queue.

    ``driver``: its name and that of its part of the configuration, which ``config`` makes of the
    address. ``variables``: the same for its command line, which finds what it is not told in its
    environment. ``address``: of a live driver, given the spec's. ``pending``, ``in_flight``,
    ``delayed``, ``dead``, ``keys``: see ``tasks.adapter.Launch``.
    """

    driver: str
    config: Callable[[str], Any]
    pending: str = "{q}"
    in_flight: str = "{q}"
    delayed: str = "{q}"
    dead: str = ""
    variables: dict[str, str] = field(default_factory=lambda: {"URL": BROKER_URL})
    address: Callable[[Any, str], str] = lambda live, _: str(live.url)
    keys: list[str] = field(default_factory=lambda: ["{q}"])


def import_client(spec: Spec) -> None:
    """Import the driver, which is done when it is first asked for. Raises ImportError."""
    import_module(f"asynctasq.drivers.{BACKENDS[spec.broker].driver}_driver")


def tables(driver: str, config: Callable[[str], Any]) -> Backend:
    """PostgreSQL and MySQL: one table of tasks with their state."""
    count = "SELECT count(*) FROM task_queue WHERE queue_name = '{q}' AND status = "
    return Backend(
        driver,
        config,
        variables={"DSN": BROKER_URL},
        address=lambda live, _: str(live.dsn),
        pending=f"{count}'pending' AND available_at <= now()",
        in_flight=f"{count}'processing'",
        delayed=f"{count}'pending' AND available_at > now()",
        dead="SELECT count(*) FROM dead_letter_queue WHERE queue_name = '{q}'",
        keys=["task_queue", "dead_letter_queue"],
    )


def sqs_config(url: str) -> Any:
    parts = urlsplit(url)
    return SQSConfig(
        endpoint_url=without_user(url),
        aws_access_key_id=unquote(parts.username or "") or None,
        aws_secret_access_key=unquote(parts.password or "") or None,
        region=region_of(url),
    )


def sqs_address(live: Any, url: str) -> str:
    """The spec's own where it says the same: there is more than one way to quote a secret."""
    asked = sqs_config(url)
    names = ("endpoint_url", "aws_access_key_id", "aws_secret_access_key")
    if all(getattr(live, name) == getattr(asked, name) for name in names):
        return url
    scheme, _, place = live.endpoint_url.partition("://")
    key, secret = (quote(str(getattr(live, name)), safe="") for name in names[1:])
    return f"{scheme}://{key}:{secret}@{place}"


BACKENDS = {
    "redis": Backend(
        driver="redis",
        config=lambda url: RedisConfig(url=url),
        pending="list:queue:{q}",
        in_flight="list:queue:{q}:processing",
        delayed="zset:queue:{q}:delayed",
        dead="list:queue:{q}:dead",
        keys=["queue:{q}", "queue:{q}:*"],
    ),
    "postgresql": tables("postgres", lambda url: PostgresConfig(dsn=url)),
    "mysql": tables("mysql", lambda url: MySQLConfig(dsn=url)),
    "rabbitmq": Backend(
        driver="rabbitmq",
        config=lambda url: RabbitMQConfig(url=url),
        delayed="{q}_delayed",
        keys=["{q}", "{q}_delayed", "exchange:asynctasq"],
    ),
    "sqs": Backend(
        driver="sqs",
        config=sqs_config,
        variables={
            "REGION": BROKER_REGION,
            "ENDPOINT_URL": BROKER_ADDRESS,
            "AWS_ACCESS_KEY_ID": BROKER_USER,
            "AWS_SECRET_ACCESS_KEY": BROKER_PASSWORD,
        },
        address=sqs_address,
    ),
}
