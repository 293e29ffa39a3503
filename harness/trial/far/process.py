"""A process on another machine, as a trial sees each of its processes."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from infrastructure.errors import TrialFailed
from infrastructure.processes.child import Child, close_quietly
from infrastructure.processes.role import Role

Ask = Callable[..., Any]  # of the host: what is to be done, and its words
NEVER = 2**23  # a process id of this machine is below: those of other machines stand above it
GRACE_S = 5.0  # that an answer may take longer than what it is about


class FarPipe:
    """Its standard input. ``lost``: it is not there any more."""

    def __init__(
        self,
        write: Callable[[str], None],
        close: Callable[[], None],
        lost: Callable[[], None],
    ) -> None:
        self._write, self._close, self._lost, self._open = write, close, lost, True

    def write(self, text: str) -> None:
        """Raises BrokenPipeError where it is not there any more."""
        try:
            self._write(text)
        except TrialFailed as error:
            self._lost()
            raise BrokenPipeError(str(error)) from None

    def flush(self) -> None:
        """What is written is sent at once."""

    def close(self) -> None:
        if not self._open:
            return
        self._open = False
        try:
            self._close()
        except TrialFailed:
            self._lost()


class FarProcess:
    """What a trial uses of ``subprocess.Popen``. ``pid``: as it stands in the trial's records."""

    def __init__(
        self, number: int, pid: int, ask: Ask, *, piped: bool, write: Callable[[str], None]
    ) -> None:
        self.number, self.pid, self._ask = number, pid, ask
        self.returncode: int | None = None
        self.stdin = FarPipe(write, self._close, self.lost) if piped else None
        self.stdout = None
        self._said: int | None = None
        self._over = threading.Event()
        if piped:
            ours, self._said = os.pipe()
            self.stdout = os.fdopen(ours)

    def _close(self) -> None:
        self._ask("ask_to_end", child=self.number, number=int(signal.SIGTERM))

    def said(self, line: str) -> None:
        """It said a line; an empty one is the last."""
        if self._said is None:
            return
        if line:
            os.write(self._said, line.encode())
        else:
            os.close(self._said)
            self._said = None

    def ended(self, code: int | None) -> None:
        self.returncode = -signal.SIGKILL if code is None else code
        self.said("")
        self._over.set()

    def lost(self) -> None:
        """Its host does not answer any more; it ends what it has by itself."""
        if self.returncode is None:
            self.ended(None)

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Raises subprocess.TimeoutExpired. Without a time, the host is given one to say it."""
        if not self._over.wait(GRACE_S if timeout is None else timeout):
            if timeout is not None:
                raise subprocess.TimeoutExpired("a process of another host", timeout)
            self.lost()
        return self.returncode or 0

    def send_signal(self, number: int) -> None:
        self._ask("ask_to_end", child=self.number, number=number)


class FarChild(Child):
    """A child of the far end of a host; whatever is done to it is done there."""

    def __init__(self, role: Role, process: FarProcess, log: Path, base: int, ask: Ask) -> None:
        super().__init__(role, cast("subprocess.Popen[str]", process), log)
        self._far, self._base, self._ask = process, base, ask

    def has_ended(self) -> bool:
        return not self.alive()

    def tail(self) -> str:
        """Of its log there, or of what was kept here of it."""
        if self.log.exists():
            return super().tail()
        try:
            return str(self._ask("log", child=self._far.number))
        except TrialFailed as error:
            return f"(its log is on a host that is lost: {error})"

    def keep_log(self) -> None:
        """Before its host forgets it."""
        self.log.write_text(self.tail())

    def family(self) -> set[int]:
        return {self._base + pid for pid in self._ask("family", child=self._far.number)}

    def ask_to_end(self, number: int = signal.SIGTERM) -> None:
        if self.alive():
            self._without_host(lambda: super(FarChild, self).ask_to_end(number))

    def signal_all(self, number: int) -> None:
        self._ask("signal_all", child=self._far.number, number=number)

    def stop(self, number: int = signal.SIGTERM, grace_s: float = 10.0) -> bool:
        """A host that is lost ends what it has by itself."""

        def stopped() -> bool:
            words = {"child": self._far.number, "number": int(number), "grace_s": grace_s}
            ended, code = self._ask("stop", timeout_s=grace_s + GRACE_S, **words)
            self._far.ended(code)
            return bool(ended)

        if not self.alive():
            self.collect()
            return True
        ended = self._without_host(stopped)
        self.collect()
        return bool(ended)

    def _without_host(self, act: Callable[[], Any]) -> Any:
        """What it comes to; None, and the process is gone, where the host is lost."""
        try:
            return act()
        except TrialFailed:
            self._far.lost()
            return None

    def collect(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                close_quietly(pipe)
