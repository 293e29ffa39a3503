"""Child processes of a trial: each in a session of its own, its output in a log file."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil

from infrastructure.clients import client_settings
from infrastructure.errors import TrialFailed
from infrastructure.hosts.host import Host
from infrastructure.processes.folder import TrialFolder, kill_session, session_members
from infrastructure.processes.lifeline import LIFELINE
from infrastructure.processes.role import Role
from infrastructure.processes.signals import signal_name
from infrastructure.processes.table import family
from infrastructure.root import ROOT

POLL_S = 0.01
SERVERS = {Role.BROKER, Role.PORT_MAPPER}
TAIL_BYTES = 4000
# What a cell sees of the caller's environment.
PASSED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH")


def cell_environment(spec: Path, hash_seed: int, beside: str = "") -> dict[str, str]:
    """What a process of a cell sees: no leak of the caller's Python, a recorded hash seed, and the
    settings of clients that hold here. ``beside``: another folder of modules (of the user's). An
    interpreter may need LD_LIBRARY_PATH to start (``ld_library_path`` in ``environment``).
    """
    return {
        **{name: os.environ[name] for name in PASSED if name in os.environ},
        **client_settings(),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), beside])),
        "PYTHONNOUSERSITE": "1",
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONHASHSEED": str(hash_seed),
        "BENCH_SPEC": str(spec),
    }


def reaped_cpu_s() -> float:
    """CPU seconds of all child processes that have ended so far, their own children included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Child:
    """A process group leader of one role."""

    def __init__(self, role: Role, process: subprocess.Popen[str], log: Path) -> None:
        self.role = role
        self.process = process
        self.log = log
        self._signals: set[int] = set()  # that asked it to end

    @property
    def pid(self) -> int:
        return self.process.pid

    def alive(self) -> bool:
        return self.process.poll() is None

    def has_ended(self) -> bool:
        """Whether it has, without collecting it: until then /proc says what it took."""
        if self.process.returncode is not None:
            return True
        try:
            ended = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:  # another thread is collecting it
            return not self.alive()
        return ended is not None

    def tail(self) -> str:
        """The end of its log (at most 4,000 bytes)."""
        if not self.log.exists():
            return ""
        data = self.log.read_bytes()[-TAIL_BYTES:]
        return data.decode(errors="replace")

    def died(self) -> str:
        """How it ended, for an error message."""
        code = self.process.returncode
        how = f"by {signal_name(-code)}" if code and code < 0 else f"with exit code {code}"
        return f"the {self.role} process {self.pid} ended {how}"

    def family(self) -> set[int]:
        """Ids of its processes, as they stand in records."""
        return family(self.pid)

    def ask_to_end(self, number: int = signal.SIGTERM) -> None:
        """Close its standard input if it listens there, else send a signal; does not wait.

        A signal is sent once: to many workers a second one says to let their tasks go.
        """
        if self.process.stdin is not None:
            close_quietly(self.process.stdin)
        elif self.alive() and number not in self._signals:
            self._signals.add(number)
            self.process.send_signal(number)

    def signal_all(self, number: int) -> None:
        """Send a signal to its whole session and to children that left it for one of their own."""
        try:
            left = psutil.Process(self.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return
        for process in {*session_members(self.pid), *left}:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def stop(self, number: int = signal.SIGTERM, grace_s: float = 10.0) -> bool:
        """Ask it to end, wait, then kill its whole session; False when it had to be killed."""
        self.ask_to_end(number)
        deadline = time.monotonic() + grace_s
        while self.alive() and time.monotonic() < deadline:
            time.sleep(POLL_S)
        ended = not self.alive()
        kill_session(self.pid)
        self.collect()
        return ended

    def collect(self) -> None:
        """Take note of its end, so that no zombie and no open pipe is left of it."""
        self.process.wait()
        if self.process.stdin is not None:
            close_quietly(self.process.stdin)
        if self.process.stdout is not None:
            self.process.stdout.close()


def close_quietly(pipe: IO[str]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:  # unsent commands to a process that is gone: nothing to tell it
        return


def start(
    argv: Sequence[str],
    role: Role,
    folder: TrialFolder,
    environment: Mapping[str, str],
    name: str,
    *,
    piped: bool = False,
    host: Host | None = None,
) -> Child:
    """Start a child in the trial's folder; ``piped`` gives it text pipes for stdin and stdout. It
    ends when this process and its guard are both gone, unless the folder stays. ``host``: another
    than the folder has for the role.

    Raises TrialFailed when the program cannot be executed.
    """
    place = host or folder.places.of(role)
    if place.far is not None:
        child: Child = place.far.start(argv, role, folder, environment, name, piped=piped)
        return child
    log = folder.path / f"{name}.log"
    argv = [*place.prefix, *argv]
    pipe = subprocess.PIPE if piped else None
    # A server is asked, also one that a freezer holds: it has files and shared memory to leave.
    signals = (signal.SIGCONT, signal.SIGTERM) if role in SERVERS else (signal.SIGKILL,)
    readers = [] if folder.stays else LIFELINE.readers(signals)
    with log.open("ab") as output:
        try:
            process = subprocess.Popen(
                argv,
                cwd=folder.path,
                env=dict(environment),
                start_new_session=True,
                text=True,
                stdin=pipe or subprocess.DEVNULL,
                stdout=pipe or output,
                stderr=output,
                bufsize=1,
                pass_fds=readers,
            )
        except OSError as error:
            for reader in readers:
                os.close(reader)
            raise TrialFailed(f"cannot start {name} ({argv[0]}): {error}") from None
    if readers:
        LIFELINE.tie(readers, signals, -process.pid)
    folder.note_session(process.pid, role)
    return Child(role, process, log)


HARNESS_PYTHON = sys.executable
