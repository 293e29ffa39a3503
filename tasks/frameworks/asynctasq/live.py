"""What a running AsyncTasQ worker says of itself."""

import asyncio
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from asynctasq import Config, EventRegistry, Worker

from tasks.frameworks.asynctasq.brokers import BACKENDS
from tasks.frameworks.asynctasq.configuration import SETTINGS
from tasks.live import only
from tasks.probe import Settings
from tasks.spec import Spec

READABLE = (
    "max_connections",
    "max_pool_size",
    "prefetch_count",
    "keep_completed_tasks",
    "delayed_task_interval",
)


def settings_of(worker: Worker, spec: Spec) -> Settings:
    driver: Any = worker.queue_driver
    return {
        "concurrency": worker.concurrency,
        "queues": ",".join(worker.queues),
        "driver": type(driver).__name__.removesuffix("Driver").lower(),
        "broker_url": BACKENDS[spec.broker].address(driver, spec.broker_url),
        **{name: getattr(driver, name) for name in READABLE if hasattr(driver, name)},
        **SETTINGS.read(
            spec, worker=worker, configuration=Config.get(), driver=driver, broker=driver
        ),
        "process_pool_size": worker.process_pool_size,
        "tasks_per_child": worker.process_pool_max_tasks_per_child,
        "entry": Path(sys.argv[0]).parent.name,
        "framework_version": metadata.version("asynctasq"),
    }


def read_back(spec: Spec) -> Settings:
    """Of the worker this task runs in, or of the pool's process that it runs in."""
    try:
        loop = type(asyncio.get_running_loop()).__module__
    except RuntimeError:
        if "threads" not in spec.wants:  # a process of the pool
            return {"pool": "process", "framework_version": metadata.version("asynctasq")}
        loop = "a thread has none"
    defaults = Config.get().task_defaults
    return {
        **settings_of(only(Worker), spec),
        "loop": loop,
        "retry_s": defaults.retry_delay,
        "retry_strategy": defaults.retry_strategy,
        "emitters": ",".join(sorted(type(e).__name__ for e in EventRegistry.get_all())),
    }
