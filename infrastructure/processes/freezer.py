"""Letting all processes that a trial started stand still for a moment.

A frozen process takes no CPU and cannot tell: its clock goes on. So nothing stands still for longer
than a second, since frameworks and brokers have heartbeats and timeouts.
"""

import os
import signal
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from infrastructure.processes.cgroup import new_group
from infrastructure.processes.table import by_leader, families

PASSES = 5  # a process may fork while the others are being stopped


class Freezer(Protocol):
    """The processes of some sessions."""

    def take_in(self, leader: int) -> None:
        """A client's session more. It stands still at once where the others do."""

    def freeze(self) -> None:
        """Stop them all."""

    def thaw(self) -> None:
        """Let them go on; those that were never stopped do not mind."""

    def give_up(self) -> None:
        """Thaw, and let go of them."""


def new_freezer(leaders: Sequence[int]) -> Freezer:
    """By a control group, which stops all at once; by signals where none can be had.

    ``leaders``: of sessions, clients before their broker.
    """
    group = new_group()
    if group is None:
        return SignalFreezer(leaders)
    group.take(lambda: families(leaders))
    return group


class SignalFreezer:
    """SIGSTOP and SIGCONT, in order.

    Clients are stopped first and their broker last, and it is the first to go on: a client that
    runs while its broker stands still would wait for an answer.
    """

    def __init__(self, leaders: Sequence[int]) -> None:
        self._leaders = list(leaders)
        self._stopped: list[set[int]] = []  # by leader; empty while they go on
        self._moving = threading.Lock()  # one thread gives the turns, another starts processes

    def take_in(self, leader: int) -> None:
        with self._moving:
            self._leaders.insert(0, leader)
            if self._stopped:
                self._stopped.insert(0, set())
                self._stop()

    def freeze(self) -> None:
        with self._moving:
            self._stopped = [set() for _ in self._leaders]
            self._stop()

    def _stop(self) -> None:
        """A fork in between is found by looking again."""
        for _ in range(PASSES):
            found = by_leader(self._leaders)
            members = [set(found[leader]) for leader in self._leaders]
            fresh = [now - before for now, before in zip(members, self._stopped, strict=True)]
            if not any(fresh):
                break
            for pids in fresh:
                send(pids, signal.SIGSTOP)
            self._stopped = members

    def thaw(self) -> None:
        with self._moving:
            for stopped in reversed(self._stopped):
                send(stopped, signal.SIGCONT)
            self._stopped = []

    def give_up(self) -> None:
        self.thaw()


def send(pids: set[int], number: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
