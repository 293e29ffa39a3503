"""Bodies that end badly, each in a way that production knows. Every attempt is counted in a file,
since not every one lives to leave a record.
"""

import asyncio
import os
import signal
import time

from tasks.records import TRIED
from tasks.work import Site, count_up

CODE = 3  # of the exit


class Poison(Exception):
    """What a poisonous task raises, again and again."""


def explode(site: Site, seq: int, _arg: int) -> None:
    """Raise."""
    count_up(site, TRIED, seq)
    raise Poison(f"task {seq} always fails")


async def explode_async(site: Site, seq: int, arg: int) -> None:
    explode(site, seq, arg)


def hang(site: Site, seq: int, arg: int) -> None:
    """Sleep for ``arg`` microseconds, longer than a task may take."""
    count_up(site, TRIED, seq)
    time.sleep(arg / 1e6)


async def hang_async(site: Site, seq: int, arg: int) -> None:
    count_up(site, TRIED, seq)
    await asyncio.sleep(arg / 1e6)


def leave(site: Site, seq: int, _arg: int) -> None:
    """End the process, as a library does that calls ``exit``."""
    count_up(site, TRIED, seq)
    os._exit(CODE)


async def leave_async(site: Site, seq: int, arg: int) -> None:
    leave(site, seq, arg)


def vanish(site: Site, seq: int, _arg: int) -> None:
    """Be killed, as by the kernel where a process has taken more memory than it may."""
    count_up(site, TRIED, seq)
    os.kill(os.getpid(), signal.SIGKILL)


async def vanish_async(site: Site, seq: int, arg: int) -> None:
    vanish(site, seq, arg)
