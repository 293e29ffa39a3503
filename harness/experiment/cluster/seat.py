"""A machine's seat in a session: an actor in a worker of Dask, which holds the machine for it.

It has the machine's lock for as long as the session wants it, and carries out one work at a time,
in a process of its own: what Dask does meanwhile stays out of what is measured. When the session
ends, however it ends, what is at work is interrupted and the lock is free.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.cli.uv import clean_environment
from harness.experiment.cluster.parcel import Delivery, forget, packed
from harness.machine.lock import USUAL, VARIABLE, Holder, MachineTaken, opened, take, write
from infrastructure.processes.lifeline import LIFELINE
from infrastructure.redact import redacted
from infrastructure.root import ROOT

COMMAND = (sys.executable, "-P", "-m", "harness", "machine")  # which nobody types
LOOK_S = 0.2
LOCK_S = 30.0  # what a killed session left at work here ends within
ENDS_S = 60.0  # a trial that is interrupted
SAID = 20  # lines


@dataclass(frozen=True)
class ClusterSession:
    """Who sits down: ``topic`` hears the machine's lines, ``typed`` is the command. ``alone``: it
    takes the machine's lock, which else the session itself has.
    """

    topic: str
    typed: str
    alone: bool = True


@dataclass(frozen=True)
class Reply:
    """What became of a work: the exit code of its process, the end of what that said, what there is
    to store of it, and of earlier ones that nobody has fetched.
    """

    code: int
    said: str
    delivery: Delivery
    left: tuple[Delivery, ...] = ()


class Seat:
    """Raises MachineTaken where another bench measures here."""

    def __init__(self, session: ClusterSession) -> None:
        from distributed import get_worker
        from distributed.core import Status
        from distributed.worker import thread_state

        worker, key = get_worker(), thread_state.key
        self.wanted: Callable[[], bool] = lambda: (
            key in worker.state.actors and worker.status is Status.running
        )
        self.tell: Callable[[str], None] = lambda line: worker.log_event(
            session.topic, [worker.address, line]
        )
        self.process: subprocess.Popen[str] | None = None
        self.lock = locked(session.typed) if session.alone else None
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self) -> None:
        """Until nobody wants it: then end what is at work, and let the machine go."""
        while self.wanted():
            time.sleep(LOOK_S)
        if process := self.process:
            interrupt(process)
        if self.lock is not None:
            os.close(self.lock)

    def work(self, text: str, stored: Sequence[str]) -> Reply:
        """Carry a plan out; ``stored``: works that may be forgotten here."""
        for name in stored:
            forget(name)
        plan = json.loads(text)
        name = str(plan["id"])
        lines = deque[str](maxlen=SAID)
        code = self.run(text, lines)
        if code:
            subprocess.run([*COMMAND, name], cwd=ROOT, env=environment(), check=False)
        delivery = packed(name)
        left = json.loads(delivery.answer)["left"] if delivery.answer else ()
        # It joined, and measured nothing: a reply that is lost is asked for again.
        if plan["state"] is None:
            forget(name)
        return Reply(code, "\n".join(lines), delivery, tuple(map(packed, left)))

    def forget(self, stored: Sequence[str]) -> None:
        for name in stored:
            forget(name)

    def run(self, text: str, lines: deque[str]) -> int:
        """The process of a work; its exit code."""
        process = self.spawn(COMMAND, stderr=subprocess.STDOUT)
        with process:
            if process.stdin and process.stdout:
                process.stdin.write(text)
                process.stdin.close()
                for line in process.stdout:
                    lines.append(redacted(line.rstrip()))
                    self.tell(lines[-1])
        self.process = None
        return process.returncode

    def spawn(self, command: Sequence[str], stderr: int | None) -> subprocess.Popen[str]:
        """A process that has the lock too, and ends with this one."""
        readers = LIFELINE.readers([signal.SIGTERM])
        kept = readers if self.lock is None else [*readers, self.lock]
        self.process = process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            start_new_session=True,
            pass_fds=kept,
        )
        LIFELINE.tie(readers, [signal.SIGTERM], process.pid)
        if not self.wanted():  # the session ended while it was being started
            process.terminate()
        return process


def environment() -> dict[str, str]:
    return {**clean_environment(), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def interrupt(process: subprocess.Popen[str]) -> None:
    """As Ctrl-C would: it stores its trial and stops its children; its guard sees to the rest."""
    process.terminate()
    try:
        process.wait(ENDS_S)
    except subprocess.TimeoutExpired:
        process.kill()


def locked(typed: str) -> int:
    """The machine's lock, open. Raises MachineTaken where another bench has it."""
    path = Path(os.environ.get(VARIABLE) or USUAL)
    descriptor = opened(path)
    deadline = time.monotonic() + LOCK_S
    while True:
        try:
            take(descriptor, path, wait=False)
        except MachineTaken:
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise
            time.sleep(LOOK_S)
        else:
            write(descriptor, Holder.this(typed))
            return descriptor
