"""AsyncTasQ's events, which it tells by Redis."""

from collections.abc import Callable
from typing import Any

from tasks.spec import Spec

CHANNEL = "asynctasq:events"
EVENTS = {"task_started": "started", "task_completed": "succeeded"}


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
