"""The gate: tasks that hold every slot, so that a backlog is loaded while nobody drains it.

What it shows on the way, the tasks in flight and those that are reserved, is held against what was
asked of the arm.
"""

import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from harness.measure.laws import Closed
from harness.measure.layouts import calls
from harness.scenario.looks import EVERY_S, Looks
from harness.scenario.processes import Processes
from harness.scenario.producers import Producers
from harness.scenario.queues import Queues
from harness.scenario.workers import POLL_S
from infrastructure.errors import TrialFailed
from infrastructure.service import Depth
from tasks.spec import Topology

if TYPE_CHECKING:
    from collections.abc import Callable

CLOSED_S = 60.0  # in which every slot has to be held
SETTLE_S = 2.0
HOLD_S = 0.15
# Tasks that prove the queue, so many together and as far apart as the looks at the broker.
MARKS, TOGETHER = 60, 5
LOOK_S = 0.1  # at the broker, after they were sent


class Proof(NamedTuple):
    """A setting as it showed in what the workers did."""

    setting: str
    asked: int
    seen: int


class Gate:
    """``proofs``: of every closing, and of ``prove``. ``opened_ns``: when it was opened last.
    ``closed``: the stretches in which it held every slot. ``marks``: the first number of the tasks
    that proved the queue, and the one after their last; ``looks``: what the broker counted then.
    """

    def __init__(
        self,
        records: Path,
        topology: Topology,
        producers: Producers,
        processes: Processes,
        queues: Queues,
    ) -> None:
        self.proofs: list[Proof] = []
        self.opened_ns = 0
        self.closed: list[Closed] = []
        self.marks = (0, 0)
        self.looks = list[tuple[int, Depth]]()
        self.opened_elsewhere: Callable[[str], None] = lambda _: None  # on other machines
        self.inside_elsewhere: Callable[[int], int] = lambda _: 0
        self._since_ns = 0
        self._number = 0
        self._sent = 0  # tasks, to the one that was closed last
        self._records = records
        self._topology = topology
        self._producers = producers
        self._processes = processes
        self._queues = queues

    def close(self) -> None:
        """Occupy every slot with a gate task. Raises TrialFailed.

        One task more than there are slots is sent: it must stay outside. How many are inside, and
        how many the broker counts as reserved, are the proofs.
        """
        self._number += 1
        self._sent = 0
        self._send(self._topology.slots + 1)
        self._fill_slots()
        self._since_ns = time.monotonic_ns()
        self._settle()

    def _settle(self, held_s: float = 0.0) -> None:
        """Note the proofs once they are as asked, or do not become so. ``held_s``: for how long
        they may have been.
        """
        deadline = time.monotonic() + SETTLE_S
        while self._differs() and time.monotonic() < deadline:
            held_s = 0.0
            time.sleep(POLL_S)  # reservations and early acks travel for a moment
        time.sleep(HOLD_S - held_s)  # and then it must stay so
        self.proofs += self._proofs()

    def prove(self) -> None:
        """Send tasks that nobody can take, each with its number, while the broker is looked at.

        What is acknowledged has to be there, no more may be reserved than before, and they have to
        arrive as they were sent: the laws say so.
        """
        first = self._producers.next_number("gate")
        marks = calls(MARKS, "mark")
        marks["arg"] = first + np.arange(MARKS)
        with Looks(self._queues) as looks:
            for part in np.split(marks, MARKS // TOGETHER):
                self._producers.send_calls("gate", part)
                time.sleep(EVERY_S)
            self._sent += MARKS
            held_s = 0.0 if self._differs() else LOOK_S
            time.sleep(LOOK_S)
        self.looks += looks.found
        self.marks = (first, first + MARKS)
        self._settle(held_s)

    def open(self) -> None:
        """Let the gate tasks end, and whatever waits behind them begin."""
        self.closed.append(Closed(self._since_ns, time.monotonic_ns()))
        name = f"gate-{self._number}.open"
        (self._records / name).touch()
        self.opened_elsewhere(name)
        self.opened_ns = time.monotonic_ns()

    def _send(self, count: int) -> None:
        self._sent += count
        self._producers.send("gate", "gate", count, self._number)

    def _fill_slots(self) -> None:
        """Wait until a gate task is in every slot. A process that reserves more than it executes
        may take all there are: the others get those that are sent when none is left to take.
        """
        slots = self._topology.slots
        deadline = time.monotonic() + CLOSED_S
        while not self._processes.until_quiet(
            self._inside, SETTLE_S, lambda: self._inside() >= slots, POLL_S
        ):
            if time.monotonic() > deadline:
                raise TrialFailed(f"gate tasks in all {slots} slots: not within {CLOSED_S:g} s")
            if not self._queues.depth().pending:
                self._send(slots - self._inside())

    def _differs(self) -> bool:
        return any(proof.asked != proof.seen for proof in self._proofs())

    def _proofs(self) -> list[Proof]:
        """While the gate is closed."""
        slots, sent = self._topology.slots, self._sent
        in_flight = Proof("in_flight", slots, self._inside())
        if not self._queues.show_reserved:
            return [in_flight]
        depth = self._queues.depth()
        # Late acks: running tasks are unacknowledged. Early: only those that wait are.
        there = sent if self._topology.acks == "late" else sent - slots
        held = min(self._topology.prefetch or there, there)
        return [
            in_flight,
            Proof("unacknowledged", held, depth.in_flight),
            Proof("unreserved", there - held, depth.pending),
        ]

    def _inside(self) -> int:
        here = sum(1 for _ in self._records.glob(f"gate-{self._number}-*.in"))
        return here + self.inside_elsewhere(self._number)
