"""Letting processes stand still for a moment: SIGSTOP and SIGCONT to all that a trial started.

A frozen process takes no CPU and cannot tell: its clock goes on. So nothing stands still for longer
than a second, since frameworks and brokers have heartbeats and timeouts.
"""

import os
import signal
from collections.abc import Sequence
from contextlib import suppress

import psutil

PASSES = 5  # a process may fork while the others are being stopped


class Freezer:
    """The processes of some sessions, in the order in which they are stopped.

    Clients come first and their broker last, and it is the first to go on: a client that runs
    while its broker stands still would wait for an answer.
    """

    def __init__(self, leaders: Sequence[int]) -> None:
        self._leaders = list(leaders)

    def freeze(self) -> None:
        """Stop them all; a fork in between is found by looking again."""
        for leader in self._leaders:
            stopped: set[int] = set()
            for _ in range(PASSES):
                fresh = family(leader) - stopped
                if not fresh:
                    break
                send(fresh, signal.SIGSTOP)
                stopped |= fresh

    def thaw(self) -> None:
        """Let them go on; one that was never stopped does not mind."""
        for leader in reversed(self._leaders):
            send(family(leader), signal.SIGCONT)


def family(leader: int) -> set[int]:
    """Members of a session, and the children of its leader that have sessions of their own."""
    found = set()
    for pid in psutil.pids():
        with suppress(ProcessLookupError, psutil.NoSuchProcess):
            if os.getsid(pid) == leader or psutil.Process(pid).ppid() == leader:
                found.add(pid)
    return found


def send(pids: set[int], number: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
