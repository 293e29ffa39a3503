"""Repid's servers, as it calls its connections to a broker."""

from typing import Any
from urllib.parse import unquote, urlsplit

from repid import RedisServer, SqsServer

from tasks import live
from tasks.frameworks.repid.workers import batch_of, pauses, timing_of, topology_of
from tasks.spec import Spec, region_of, without_user


class OneAtATime(RedisServer):  # type: ignore[misc]
    """Redis without pauses."""

    @property
    def capabilities(self) -> Any:
        return {**super().capabilities, "supports_lightweight_pause": False}


def server_of(spec: Spec) -> Any:
    batch, timing = batch_of(spec), timing_of(spec)
    if spec.broker == "redis":
        kind = RedisServer if pauses(spec, topology_of(spec).concurrency) else OneAtATime
        return kind(spec.broker_url, batch_size=batch, **timing)
    parts = urlsplit(spec.broker_url)
    return SqsServer(
        without_user(spec.broker_url),
        region_of(spec.broker_url),
        batch_size=batch,
        **timing,
        aws_access_key_id=unquote(parts.username or "") or None,
        aws_secret_access_key=unquote(parts.password or "") or None,
    )


def address_of(spec: Spec, server: dict[str, Any]) -> str:
    """Of a live server's variables, as the spec has it."""
    if spec.broker == "redis":
        return live.redis_address(server["_redis"], spec.broker_url)
    same = server["endpoint_url"] == without_user(spec.broker_url)
    return spec.broker_url if same else str(server["endpoint_url"])


async def hide_for(server: Any, queues: list[str], seconds: int) -> None:
    """How long a message of these queues that was received stays hidden."""
    async with server.connection():
        client = vars(server)["_client"]
        for name in queues:
            url = (await client.get_queue_url(QueueName=name))["QueueUrl"]
            kept = {"VisibilityTimeout": str(seconds)}
            await client.set_queue_attributes(QueueUrl=url, Attributes=kept)
