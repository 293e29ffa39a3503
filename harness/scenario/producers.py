"""The load generator of a running trial: producers that are told what to send, and when."""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from harness.measure.layouts import Array, kind_number
from harness.scenario.processes import Processes
from infrastructure.errors import TrialFailed
from infrastructure.processes.child import Child
from tasks.spec import Phase

REPLY_S = 600.0
LEAD_S = 0.2  # from the command to the first intended time


def nothing() -> None:
    """What there is to do meanwhile."""


@dataclass(frozen=True)
class Reply:
    """What a producer says of a phase: sends, those that raised, and the seconds it took.

    ``real_time``: whether it could run before all others, None where nobody asked.
    """

    phase: str
    sent: int
    failed: int
    seconds: float
    real_time: bool


class Producers:
    """``issued``: tasks by phase that somebody waits for. ``calls``: by phase, the last that were
    sent from a schedule. ``naps``: by phase, the microseconds that each task was told to sleep, by
    its number. ``real_time``: whether producers of an open loop ran so. ``clock``: what their clock
    shows when the one here shows this (ns).
    """

    def __init__(self, children: Sequence[Child], folder: Path, processes: Processes) -> None:
        self.issued: Counter[str] = Counter()
        self.calls: dict[str, Array] = {}
        self.naps: dict[str, dict[int, int]] = {}
        self.real_time = "no open loop"
        self.clock: Callable[[int], int] = lambda here_ns: here_ns
        self._children = children
        self._folder = folder
        self._processes = processes
        self._numbered: Counter[str] = Counter()  # tasks by phase that have a number

    def send(
        self,
        phase: str,
        kind: str,
        count: int,
        arg: int = 0,
        *,
        payload: str = "",
        bare: bool = False,
    ) -> float:
        """Closed loop: ``count`` tasks by one producer, each after the other; the seconds it took.

        ``bare`` leaves out stamps and records, and the tasks are not waited for.
        """
        first = self._next(phase, count)
        if kind == "nap":
            self._note_naps(phase, first + np.arange(count), np.full(count, arg))
        told = Phase(phase, kind, first=first, count=count, arg=arg, payload=payload, bare=bare)
        (reply,) = self._command(told, self._children[:1])
        return reply.seconds

    def call(self, phase: str, kind: str, count: int, callers: int) -> float:
        """Closed loop: ``count`` tasks by so many callers of one producer, each of whom waits for
        the result before the next; the seconds it took.
        """
        told = Phase(phase, kind, first=self._next(phase, count), count=count, callers=callers)
        (reply,) = self._command(told, self._children[:1])
        return reply.seconds

    def send_calls(self, phase: str, calls: Array, queues: Sequence[str] = ()) -> float:
        """Closed loop: these calls (CALL_TYPE) by one producer; the seconds it took."""
        (reply,) = self._command(self._planned(phase, calls, queues), self._children[:1])
        return reply.seconds

    def send_group(self, phase: str, members: int) -> float:
        """No-ops of one group by one call, and the one that follows them; the seconds it took."""
        first = self._next(phase, members + 1)
        told = Phase(phase, "noop", first=first, count=1, group=members)
        (reply,) = self._command(told, self._children[:1])
        return reply.seconds

    def send_schedule(
        self,
        phase: str,
        calls: Array,
        *,
        virtual: bool = False,
        meanwhile: Callable[[], None] = nothing,
        steps: int = 1,
        queues: Sequence[str] = (),
    ) -> None:
        """Open loop: every producer sends its share of the calls (CALL_TYPE), each at its time.

        ``meanwhile`` is called as soon as they have begun. ``steps``: tasks that each leads to, the
        further ones sent by workers and numbered after it.

        In virtual time one producer sends all of it: nobody waits, so order is all there is.
        """
        sharing = self._children[:1] if virtual else self._children
        told = self._planned(
            phase,
            calls,
            queues,
            paced=True,
            shards=len(sharing),
            virtual=virtual,
            steps=steps,
            start_ns=self.clock(time.monotonic_ns() + int(LEAD_S * 1e9)),
            real_time=bool(calls["offset"].any()) and not virtual,
        )
        replies = self._command(told, sharing, meanwhile)
        if told.real_time:
            self.real_time = "yes" if all(r.real_time for r in replies) else "not permitted"

    def _planned(
        self, phase: str, calls: Array, queues: Sequence[str] = (), *, steps: int = 1, **more: Any
    ) -> Phase:
        """A phase of these calls; their file is the trial's."""
        first = self._next(phase, len(calls) * steps)
        self.calls[phase] = calls
        asleep = np.flatnonzero(calls["kind"] == kind_number("nap"))
        self._note_naps(phase, first + steps * asleep, calls["arg"][asleep])
        path = self._folder / f"{phase}-{first}.schedule"
        path.write_bytes(calls.tobytes())
        return Phase(
            phase, first=first, schedule=str(path), queues=tuple(queues), steps=steps, **more
        )

    def _note_naps(self, phase: str, numbers: Array, naps_us: Array) -> None:
        asked = zip(numbers.tolist(), naps_us.tolist(), strict=True)
        self.naps.setdefault(phase, {}).update(asked)

    def next_number(self, phase: str) -> int:
        """What the next task of the phase will be numbered."""
        return self._numbered[phase]

    def _next(self, phase: str, count: int) -> int:
        """The number of the first of so many tasks."""
        first = self._numbered[phase]
        self._numbered[phase] += count
        return first

    def _command(
        self, phase: Phase, children: Sequence[Child], meanwhile: Callable[[], None] = nothing
    ) -> list[Reply]:
        """Have these send a phase, each its share. Raises TrialFailed when a process ends."""
        for child in children:
            tell(child, json.dumps(asdict(phase)))
        meanwhile()
        replies = [Reply(**self._processes.hear(child, REPLY_S)) for child in children]
        sent = sum(reply.sent for reply in replies)
        if phase.phase == "warmup":  # nobody waits for a warm-up task whose send raised
            sent -= sum(reply.failed for reply in replies)
        self.issued[phase.phase] += phase.steps * sent
        return replies


def tell(child: Child, line: str) -> None:
    """Say it to a piped process. Raises TrialFailed when it has ended."""
    pipe = child.process.stdin
    if pipe is None or not child.alive():
        raise TrialFailed(child.died())
    try:
        pipe.write(line + "\n")
        pipe.flush()
    except BrokenPipeError:
        child.process.wait()
        raise TrialFailed(child.died()) from None
