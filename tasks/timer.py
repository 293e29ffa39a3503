"""Waking a coroutine at an instant, to some ten microseconds, on whatever event loop runs.

epoll and libuv round a timer up to whole milliseconds, which would show as up to 1 ms of generator
lag. A timerfd is a file that becomes readable at its time, and every event loop waits for files.
"""

import asyncio
import ctypes
import os
import sys

CLOCK_MONOTONIC = 1
NONBLOCK, CLOEXEC, ABSOLUTE = 0o4000, 0o2000000, 1  # <sys/timerfd.h> of Linux


class Itimerspec(ctypes.Structure):
    """``struct itimerspec``: no interval, and when it fires for the first time."""

    _fields_ = (
        ("interval_s", ctypes.c_long),
        ("interval_ns", ctypes.c_long),
        ("value_s", ctypes.c_long),
        ("value_ns", ctypes.c_long),
    )


class Timer:
    """One waiter at a time. ``close`` it on the loop that it was made on."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._fd = self._checked(self._libc.timerfd_create(CLOCK_MONOTONIC, NONBLOCK | CLOEXEC))
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._fd, self._fire)
        self._due: asyncio.Future[None] | None = None

    def _checked(self, answer: int) -> int:
        """Raises OSError where the system says no."""
        if answer < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return answer

    def _fire(self) -> None:
        os.read(self._fd, 8)  # how often it fired; unread, it would fire again at once
        if self._due and not self._due.done():
            self._due.set_result(None)

    async def until(self, at_ns: int) -> None:
        """Return at ``at_ns`` of CLOCK_MONOTONIC, or a moment later; at once when it has passed."""
        self._due = self._loop.create_future()
        seconds, nanoseconds = divmod(max(at_ns, 1), 1_000_000_000)  # zero would disarm it
        when = Itimerspec(0, 0, seconds, nanoseconds)
        self._checked(self._libc.timerfd_settime(self._fd, ABSOLUTE, ctypes.byref(when), None))
        await self._due

    def close(self) -> None:
        self._loop.remove_reader(self._fd)
        os.close(self._fd)


class RoundedTimer:
    """Where there is no timerfd: the event loop's own timer, up to a millisecond late."""

    async def until(self, at_ns: int) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, at_ns / 1e9 - loop.time()))

    def close(self) -> None:
        """It holds nothing."""


def make_timer() -> Timer | RoundedTimer:
    """The better one that this system has; for the running loop."""
    return Timer() if sys.platform == "linux" else RoundedTimer()
