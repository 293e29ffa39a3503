"""Celery's stream of task events."""

from collections.abc import Callable
from typing import Any

from celery.events.receiver import EventReceiver

Heard = Callable[[str, str], None]

EVENTS = {"task-started": "started", "task-succeeded": "succeeded"}


class Listener(EventReceiver):  # type: ignore[misc]
    """Celery's event receiver, which says when it is consuming."""

    def __init__(self, app: Any, connection: Any, ready: Callable[[], None], heard: Heard) -> None:
        super().__init__(connection, {"*": lambda event: self._hear(event, heard)}, app=app)
        self._ready = ready

    def on_consume_ready(self, *args: Any, **more: Any) -> None:
        super().on_consume_ready(*args, **more)
        self._ready()

    def _hear(self, event: dict[str, Any], heard: Heard) -> None:
        if kind := EVENTS.get(event["type"]):
            heard(kind, event["uuid"])


def capture(app: Any, ready: Callable[[], None], heard: Heard) -> None:
    """As ``celery events`` does."""
    with app.connection_for_read() as connection:
        Listener(app, connection, ready, heard).capture()
