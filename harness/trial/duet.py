"""A duet block: its arms are up at the same time and take turns, the others standing still.

Each arm's trial is the ordinary one, in a thread of its own. Where its scenario loads or drains,
the arms wait for each other and the conductor lets one work at a time, a quarter of a second by
default, in a random order within each round. Most of a shared machine's noise is slower than that,
so that it meets all arms alike: Bulej et al., "Duet Benchmarking", ICPE 2020; Abedi and Brecht,
"Conducting Repeatable Experiments in Highly Variable Cloud Computing Environments", ICPE 2017.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

import numpy as np

from harness.measure.turns import Turn
from harness.scenario.partner import FirstLook
from infrastructure.errors import TrialFailed
from infrastructure.processes.freezer import Freezer, SignalFreezer, new_freezer

WINDOW_S = 0.25
# Of a turn: by so much its length is drawn longer or shorter, and so much of its beginning more is
# left out. What stood still goes on in step with its turns: in equal ones, tasks of 5.0 and of 5.1
# ms would end equally often.
DRAWN = 0.1
SETTLE_S = 0.05  # until a pilot says better
SEGMENT_S = 2.0  # of an open loop
INTERRUPTING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MEET_S = 900.0  # an arm may be so much slower to start, to warm up or to fill its backlog


class Together(Protocol):
    """What keeps trials that are up side by side. ``stopped``: as Ctrl-C stops them."""

    stopped: threading.Event

    def stop(self) -> None:
        """End all of them as Ctrl-C does."""

    def leave(self) -> None:
        """One has ended."""


class Conductor:
    """Keeps the arms of one block in step. ``seed`` orders the turns of every round and draws their
    lengths around ``window_s``, the first ``settle_s`` of each are in no rate.
    """

    def __init__(
        self, arms: int, seed: int, window_s: float = WINDOW_S, settle_s: float = SETTLE_S
    ) -> None:
        self.window_s = window_s
        self.settle_s = settle_s
        self.stopped = threading.Event()
        self._meeting = threading.Barrier(arms)
        self._rng = np.random.default_rng(seed)
        self.partners = [DuetPartner(self) for _ in range(arms)]
        self._conducting: threading.Thread | None = None
        self._leaving = threading.Event()
        self._coming: list[DuetPartner] = []  # in the order of their segments
        self._moved = threading.Condition()
        self.together = FirstLook()

    def meet(self, where: str) -> None:
        """Wait for all arms. Raises TrialFailed when one has ended or does not come."""
        try:
            self._meeting.wait(MEET_S)
        except threading.BrokenBarrierError:
            if self.stopped.is_set():
                raise KeyboardInterrupt from None
            raise TrialFailed(f"{where}: another arm of this block did not come so far") from None

    def leave(self) -> None:
        """An arm's trial has ended: nobody waits for it any more."""
        self._leaving.set()
        self._meeting.abort()
        with self._moved:
            self._moved.notify_all()

    def wait_for_segment(self, partner: "DuetPartner") -> None:
        """In rounds of random order. Raises TrialFailed when an arm has left."""
        with self._moved:
            while not self._meeting.broken:
                if not self._coming:
                    order = self._rng.permutation(len(self.partners))
                    self._coming = [self.partners[number] for number in order]
                if self._coming[0] is partner:
                    return
                self._moved.wait(MEET_S)
        self.meet("the next segment")  # says who is missing

    def end_segment(self) -> None:
        with self._moved:
            self._coming.pop(0)
            self._moved.notify_all()

    def stop(self) -> None:
        """End all trials as Ctrl-C does."""
        self.stopped.set()
        self.leave()

    def take(self, partner: "DuetPartner") -> Callable[[], None]:
        """Get hold of an arm's processes; how to let go of them."""
        partner.freezer = new_freezer(partner.leaders)
        return partner.freezer.give_up

    def begin(self) -> None:
        """Take turns, in a thread, until an arm is done with what it does in them."""
        self._leaving.clear()
        self._hold()
        self._conducting = threading.Thread(target=self._alternate, name="conductor")
        self._conducting.start()

    def end(self) -> None:
        """The first arm is done: all go on as they like. Returns when they do."""
        self._leaving.set()
        if self._conducting is not None:
            self._conducting.join()

    def _alternate(self) -> None:
        try:
            while not self._leaving.is_set():
                self._round()
        finally:
            self._release()

    def _hold(self) -> None:
        """All stand still."""
        for partner in self.partners:
            partner.freezer.freeze()
            partner.seen = partner.cpu()

    def _round(self) -> None:
        """A whole one: every arm has a turn, however soon the first is done."""
        for number in self._rng.permutation(len(self.partners)):
            self._let_work(self.partners[number])

    def _release(self) -> None:
        """All go on."""
        for partner in self.partners:
            partner.freezer.thaw()

    def _draw(self) -> tuple[float, int]:
        """A turn's length (s), and what of its beginning is left out beside the usual (ns)."""
        seconds = self.window_s * self._rng.uniform(1 - DRAWN, 1 + DRAWN)
        return seconds, int(self.window_s * self._rng.uniform(0, DRAWN) * 1e9)

    def _let_work(self, partner: "DuetPartner") -> None:
        """CPU is looked at while nobody works: looking takes some milliseconds of it. Until the
        arm's next turn it stays what it is.
        """
        seconds, drawn = self._draw()
        partner.freezer.thaw()
        begin = time.monotonic_ns()
        self._leaving.wait(seconds)
        end = time.monotonic_ns()
        partner.freezer.freeze()
        before, partner.seen = partner.seen, partner.cpu()
        partner.own.append(Turn(begin, end, taken_since(before, partner.seen), drawn))


def taken_since(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """CPU seconds by role."""
    return {role: cpu - before.get(role, 0.0) for role, cpu in after.items()}


class DuetPartner:
    """One arm's side of it."""

    def __init__(self, conductor: Conductor) -> None:
        self._conductor = conductor
        self.leaders: Sequence[int] = ()  # of the sessions that take turns
        self.freezer: Freezer = SignalFreezer([])
        self.own: list[Turn] = []
        self.cpu: Callable[[], Mapping[str, float]] = dict
        self.seen: Mapping[str, float] = {}  # CPU seconds by role, when it was frozen last
        self.window_s, self.settle_ns = conductor.window_s, int(conductor.settle_s * 1e9)
        self.segment_s = SEGMENT_S
        self.cores = 0

    def together(self, look: Callable[[], dict[str, str]]) -> dict[str, str]:
        return self._conductor.together(look)

    def meet(self, where: str) -> None:
        self._conductor.meet(where)

    def check(self) -> None:
        if self._conductor.stopped.is_set():
            raise KeyboardInterrupt

    @contextmanager
    def turns(self, leaders: Sequence[int]) -> Iterator[list[Turn]]:
        """The list fills while it is entered and is whole when it is left."""
        self.own, self.leaders = [], leaders
        let_go = self._conductor.take(self)
        try:
            self.meet("taking turns")
            if self is self._conductor.partners[0]:
                self._conductor.begin()
            self.meet("the first turn")
            yield self.own
        finally:
            self._conductor.end()
            let_go()
            self.freezer = SignalFreezer([])  # what is started from now on stands still for nobody

    def take_in(self, leader: int) -> None:
        self.leaders = [leader, *self.leaders]
        self.freezer.take_in(leader)

    @contextmanager
    def segment(self, into: list[Turn]) -> Iterator[None]:
        self._conductor.wait_for_segment(self)
        before, begin = self.cpu(), time.monotonic_ns()
        try:
            yield
            end = time.monotonic_ns()
            into.append(Turn(begin, end, taken_since(before, self.cpu())))
        finally:
            self._conductor.end_segment()

    def others_cpu_s(self) -> float:
        others = (partner for partner in self._conductor.partners if partner is not self)
        return sum(sum(partner.cpu().values()) for partner in others)

    def tell(self, cpu: Callable[[], Mapping[str, float]]) -> None:
        self.cpu = cpu


def play(conductor: Together, trials: Sequence[Callable[[], None]]) -> None:
    """Run the trials of a block side by side. Raises KeyboardInterrupt when the session is stopped,
    and what a trial raised, once all have ended and are stored.
    """
    errors: list[BaseException] = []

    def one(trial: Callable[[], None]) -> None:
        try:
            trial()
        except BaseException as error:  # noqa: BLE001  raised again by the one who waits
            errors.append(error)
        finally:
            conductor.leave()

    threads = [threading.Thread(target=one, args=(trial,)) for trial in trials]
    with interrupts(conductor.stop):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]
    if conductor.stopped.is_set():  # too late for any of them to see
        raise KeyboardInterrupt


@contextmanager
def interrupts(stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop`` at Ctrl-C and the like instead of raising, however often they come: who waits
    for the trials must not go before they are stored.
    """
    before = {number: signal.getsignal(number) for number in INTERRUPTING}
    for number in INTERRUPTING:
        if before[number] is not signal.SIG_IGN:
            signal.signal(number, lambda *_: stop())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
