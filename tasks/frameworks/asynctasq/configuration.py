"""What AsyncTasQ is told before it sends or works."""

import json
import os
from typing import Any

import asynctasq
from asynctasq import Config, TaskDefaultsConfig, Worker
from asynctasq.config import EventsConfig

from tasks.frameworks.asynctasq.brokers import BACKENDS
from tasks.frameworks.asynctasq.events import CHANNEL
from tasks.settings import Own, Reader, parameters, taken
from tasks.spec import Spec

ATTEMPTS = 6
PARTS = {name: kind.annotation for name, kind in Config.model_fields.items()}


def of_driver(part: str, *names: str) -> dict[str, Reader]:
    """Settings of a part of the configuration, which its driver has by the same names."""
    return {f"{part}.{name}": name for name in names}


SETTINGS = Own(
    documented="https://github.com/adamrefaey/asynctasq/blob/main/docs/configuration.md",
    places={
        "worker": taken("heartbeat_interval"),
        "configuration": taken("task_defaults.retry_strategy", "task_defaults.retry_delay"),
        "driver": of_driver("repository", "keep_completed_tasks"),
    },
    on={
        "redis": of_driver(
            "redis", "max_connections", "warmup_connections", "delayed_task_interval",
        ),
        "postgresql": of_driver("postgres", "min_pool_size", "max_pool_size", "warmup_connections"),
        "mysql": of_driver("mysql", "min_pool_size", "max_pool_size", "warmup_connections"),
        "rabbitmq": of_driver("rabbitmq", "delayed_task_interval"),
    },
    known=parameters(Worker) | {
        f"{part}.{name}"
        for part, kind in PARTS.items()
        for name in getattr(kind, "model_fields", ())
    },
    decided=frozenset({
        "concurrency", "queues", "max_tasks", "process_pool_size", "task_defaults.queue",
        "process_pool_max_tasks_per_child", "process_pool.size", "process_pool.max_tasks_per_child",
        "task_defaults.max_attempts", "rabbitmq.prefetch_count", "redis.url", "postgres.dsn",
        "mysql.dsn", "rabbitmq.url", "events.enable_all", "events.enable_event_emitter_redis",
    }),
)  # fmt: skip


def variables(spec: Spec) -> dict[str, str]:
    """What the arm sets of the configuration, as it is read from the environment."""
    own = SETTINGS.of(spec, "configuration", "driver", "broker")
    named = {name: v if isinstance(v, str) else json.dumps(v) for name, v in own.items()}
    return {f"ASYNCTASQ_{name.replace('.', '_').upper()}": v for name, v in named.items()}


def configure(spec: Spec) -> None:
    """Its configuration takes from the environment what it is not told here."""
    os.environ.update(variables(spec))
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
