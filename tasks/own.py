"""A task of the user's: a file that defines ``task``, and what it is called with.

``ARGUMENTS`` are tuples of what the queue can carry, taken in turn; without them it takes none.
"""

import asyncio
import importlib
import inspect
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from tasks.spec import read_spec


@cache
def module() -> ModuleType:
    """The user's file, imported by its name."""
    path = Path(read_spec().options["workload"])
    sys.path.append(str(path.parent))
    return importlib.import_module(path.stem)


@cache
def arguments() -> list[list[Any]]:
    return [list(each) for each in getattr(module(), "ARGUMENTS", ())] or [[]]


def argument(number: int) -> list[Any]:
    """What the task of this number is called with."""
    return arguments()[number % len(arguments())]


def run(_site: object, _seq: int, arg: list[Any]) -> None:
    """Call the task; a coroutine in an event loop of its own."""
    found = module().task(*arg)
    if inspect.iscoroutine(found):
        asyncio.run(found)


async def run_async(_site: object, _seq: int, arg: list[Any]) -> None:
    """Call the task in the worker's loop, which it blocks unless it is a coroutine."""
    found = module().task(*arg)
    if inspect.iscoroutine(found):
        await found
