"""What AsyncTasQ is told before it sends or works."""

from typing import Any

import asynctasq
from asynctasq import TaskDefaultsConfig
from asynctasq.config import EventsConfig

from tasks.frameworks.asynctasq.brokers import BACKENDS
from tasks.frameworks.asynctasq.events import CHANNEL
from tasks.spec import Spec

ATTEMPTS = 6


def configure(spec: Spec) -> None:
    backend = BACKENDS[spec.broker]
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
