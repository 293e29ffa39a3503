"""What a worker of taskiq's says of itself."""

import asyncio
from typing import Any

from tasks.frameworks.taskiq.topology import in_pool
from tasks.probe import Settings
from tasks.spec import Spec


def at_a_time(spec: Spec, receiver: Any) -> Settings:
    """How many tasks the live receiver executes at once, as the kind of task that asks sees it."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:  # in a thread, or in a process of the pool
        if in_pool(spec):
            return {"pool": "process"}
        return {"threads": receiver.executor._max_workers}  # noqa: SLF001  nobody else knows
    free = receiver.sem._value  # noqa: SLF001
    return {"coroutines": free + executing(), "loop": type(loop).__module__}


def executing() -> int:
    """Tasks at work in this process, of its event loop's."""
    return sum(named(task) == "Receiver.callback" for task in asyncio.all_tasks())


def named(task: Any) -> str:
    """The function that an asyncio task runs."""
    return str(task.get_coro().__qualname__)
