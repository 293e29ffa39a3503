"""SAQ's stream of events: the channel of each job, which its status is published to."""

from collections.abc import Callable
from typing import Any

from tasks.spec import Spec

JOB = "saq:job:default:"  # prefix of a job's key, and of the channel that tells its status
EVENTS = {b"active": "started", b"complete": "succeeded"}


def listen(spec: Spec, ready: Callable[[], None], heard: Callable[[str, str], None]) -> None:
    """Subscribe to the channels of all jobs."""
    import redis  # SAQ's own client

    client: Any = redis.Redis.from_url(spec.broker_url)
    subscribed = client.pubsub()
    subscribed.psubscribe(f"{JOB}*")
    for message in subscribed.listen():
        if message["type"] == "psubscribe":
            ready()
        elif event := EVENTS.get(message["data"]):
            heard(event, message["channel"].decode().removeprefix(JOB))
