"""The watchdog: ends what a killed harness left running.

``python -m infrastructure.processes.guard SPOOL``.

It waits for end-of-file on a pipe that the harness holds open; the kernel closes it however the
harness ends, SIGKILL included. It runs in a session of its own, out of reach of Ctrl-C.
"""

import signal
import subprocess
import sys
import time
from pathlib import Path

from infrastructure.processes.folder import end_processes, leftovers
from infrastructure.processes.lifeline import LIFELINE
from infrastructure.root import ROOT

GRACE_S = 10.0


def start_guard(spool: Path) -> subprocess.Popen[bytes]:
    """Start the watchdog; it guards for as long as the returned object's pipe is open."""
    return subprocess.Popen(
        [sys.executable, "-m", "infrastructure.processes.guard", str(spool)],
        stdin=subprocess.PIPE,
        cwd=ROOT,
        start_new_session=True,
        pass_fds=[LIFELINE.writer],  # while one of us lives, children are ended in order
    )


def stop_guard(guard: subprocess.Popen[bytes], grace_s: float = GRACE_S) -> None:
    """Let it end. One that does not, as one that is stopped, is killed: all that it would end has
    ended.
    """
    try:
        guard.communicate(timeout=grace_s)
    except subprocess.TimeoutExpired:
        guard.kill()
        guard.communicate()


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    time.sleep(0.05)  # the owner's lock is released in the same exit, maybe a moment later
    for folder in leftovers(Path(sys.argv[1])):
        end_processes(folder)


if __name__ == "__main__":
    main()
