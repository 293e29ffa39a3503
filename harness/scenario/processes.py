"""The processes of a running trial: none ends unnoticed while something is waited for."""

import json
import os
import selectors
import time
from collections.abc import Callable, Container, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.scenario.partner import ALONE, Partner
from harness.scenario.workers import POLL_S, Workers
from infrastructure.errors import TrialFailed
from infrastructure.processes.child import Child
from infrastructure.processes.table import GONE
from infrastructure.service import Broker

DRAIN_POLL_S = 0.1  # reading records takes CPU that the workers could use


@dataclass
class Processes:
    """``beside``: what runs beside the workers, such as a web application or a listener.
    ``between``: what stands between the broker and its clients, a network. ``hosts`` raises
    TrialFailed where a host of the trial does not answer any more.
    """

    broker: Broker
    workers: Workers
    producers: Sequence[Child] = ()
    beside: list[Child] = field(default_factory=list)
    partner: Partner = ALONE
    between: list[Child] = field(default_factory=list)
    hosts: Callable[[], None] = lambda: None

    def check_alive(self) -> None:
        """Raise TrialFailed when one has ended; supervised workers are started again."""
        self.partner.check()
        self.hosts()
        expect_alive([*self._server(), *self.between])  # first: whoever needs it ends soon after it
        self.workers.check()
        expect_alive((*self.producers, *self.beside))

    def _server(self) -> list[Child]:
        """The broker's process, where it is one of ours."""
        return [self.broker.process] if self.broker.process else []

    def leaders(self) -> list[int]:
        """Ids of all, clients before their broker."""
        return [child.pid for child in (*self.clients(), *self.between, *self._server())]

    def clients(self) -> list[Child]:
        """Those that talk to the broker."""
        return [*self.workers.children, *self.beside, *self.producers]

    def strangers(self) -> frozenset[int]:
        """Ids of the processes of other roles than workers."""
        others = (*self.beside, *self.producers, *self.between, *self._server())
        return frozenset(pid for child in others for pid in child.family())

    def outsiders(self, pids: Iterable[int], folder: Path) -> frozenset[int]:
        """Of these, live processes of the trial in ``folder`` that are in no worker's session, a
        former one's included, and no child of a worker: their CPU and memory are in no figure.
        """
        others = set(pids) - self.strangers() - set(self.workers.members())
        return frozenset(pid for pid in others if lives_in(pid, folder, self.workers.begun))

    def wait(self, done: Callable[[], bool], seconds: float, what: str) -> None:
        """Poll until ``done``; raises TrialFailed when a process dies or the time is over."""
        deadline = time.monotonic() + seconds
        while not done():
            self.check_alive()
            if time.monotonic() > deadline:
                raise TrialFailed(f"{what}: not within {seconds:g} s")
            time.sleep(POLL_S)

    def until_quiet(
        self,
        count: Callable[[], int],
        quiet_s: float,
        done: Callable[[], bool] = lambda: False,
        look_s: float = DRAIN_POLL_S,
    ) -> bool:
        """Wait until ``done``, or until what ``count`` counts has not grown for ``quiet_s``.

        Whether it was done, as looked at every ``look_s``.
        """
        seen, since = count(), time.monotonic()
        while not done():
            self.check_alive()
            if time.monotonic() - since > quiet_s:
                return False
            time.sleep(look_s)
            if (now_seen := count()) != seen:
                seen, since = now_seen, time.monotonic()
        return True

    def hear(self, child: Child, seconds: float) -> dict[str, Any]:
        """The next line that a piped process says. Raises TrialFailed when any dies first."""
        pipe = child.process.stdout
        if pipe is None:
            raise TrialFailed(f"the {child.role} process {child.pid} has no pipe")
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            deadline = time.monotonic() + seconds
            while not selector.select(timeout=0.2):
                self.check_alive()
                if time.monotonic() > deadline:
                    raise TrialFailed(f"the {child.role} did not answer within {seconds:g} s")
        line = pipe.readline()
        if not line:
            child.process.wait()
            raise TrialFailed(child.died())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop_beside(self, role: str) -> float:
        """End what runs beside the workers in that role; the seconds it took."""
        begin = time.monotonic()
        for child in [c for c in self.beside if c.role == role]:
            child.stop()
            self.beside.remove(child)
        return time.monotonic() - begin


def lives_in(pid: int, folder: Path, but: Container[int]) -> bool:
    """Whether a process has the trial's folder in its environment (numbers are given again), and is
    in another session than these.
    """
    with suppress(*GONE, PermissionError):
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        return os.fsencode(folder) in environment and os.getsid(pid) not in but
    return False


def expect_alive(children: Iterable[Child]) -> None:
    """Raise TrialFailed, with how it ended, when one has."""
    for child in children:
        if not child.alive():
            raise TrialFailed(child.died())
