"""``python -m harness``, called in the harness's own environment."""

import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from harness.cli.cluster import is_clustered
from harness.cli.environments import harness_python
from harness.cli.exits import FOUND_SAID_BY, SAYS_FOUND, said_by_harness
from harness.cli.matrix import Matrix
from harness.cli.uv import clean_environment
from harness.cli.words import ADDRESS
from infrastructure.processes.lifeline import LIFELINE
from infrastructure.root import ROOT

CLUSTER = "cluster"  # the command, the environment and the lock
ENDING = (signal.SIGTERM, signal.SIGHUP)  # Ctrl-C comes from the terminal, to both of us


def command(matrix: Matrix, arguments: Sequence[str]) -> list[str]:
    """Modules of ours never come from the folder that somebody stands in (-P)."""
    clustered = arguments[:1] == [CLUSTER] or is_clustered(arguments)
    python = harness_python(matrix, CLUSTER if clustered else "harness")
    return [str(python), "-P", "-m", "harness", *arguments]


def environment() -> dict[str, str]:
    return {**clean_environment(), "PYTHONPATH": str(ROOT), FOUND_SAID_BY: str(SAYS_FOUND)}


def run_harness(matrix: Matrix, *arguments: str) -> int:
    """Run a command to its end; the exit code for nox.

    Whatever asks us to end is passed on, and waited for until the harness has stored the trial and
    stopped its children: nox would kill it within half a second of Ctrl-C. Raises KeyboardInterrupt
    after that.
    """
    words, address = without_address(arguments)
    readers = LIFELINE.readers([signal.SIGTERM])
    argv = command(matrix, words)
    interrupted = False
    with passing_on() as told:
        process = subprocess.Popen(argv, env=environment() | address, pass_fds=readers)
        LIFELINE.tie(readers, [signal.SIGTERM], process.pid)  # should we be killed
        told(process)
        while True:
            try:
                code = process.wait()
                break
            except KeyboardInterrupt:
                interrupted = True
    if interrupted:
        raise KeyboardInterrupt
    return said_by_harness(code)


@contextmanager
def passing_on() -> Iterator[Callable[[subprocess.Popen[bytes]], None]]:
    """What asks us to end goes to the process that is told, and ends us once it has ended. What was
    ignored when we were started (nohup) stays ignored.
    """
    heard: list[int] = []
    processes: list[subprocess.Popen[bytes]] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        heard.append(number)
        for process in processes:
            process.send_signal(number)

    def told(process: subprocess.Popen[bytes]) -> None:
        processes.append(process)
        for number in heard:  # while it was being started
            process.send_signal(number)

    before = {n: signal.getsignal(n) for n in ENDING if signal.getsignal(n) != signal.SIG_IGN}
    for number in before:
        signal.signal(number, pass_on)
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if heard:
            signal.raise_signal(heard[0])


def without_address(arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The arguments and an environment that has what followed ``--broker-url``: every user of this
    machine can read arguments, and an address may hold a password.
    """
    kept: list[str] = []
    address: dict[str, str] = {}
    words = iter(arguments)
    for word in words:
        option, _, value = word.partition("=")
        if option == "--broker-url":
            address[ADDRESS] = value or next(words, "")
        else:
            kept.append(word)
    return kept, address


def ask_harness(matrix: Matrix, *arguments: str) -> str:
    """What a command prints. Raises SystemExit with its exit code when it fails."""
    words, address = without_address(arguments)
    done = subprocess.run(
        command(matrix, words),
        env=environment() | address,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(said_by_harness(done.returncode))
    return done.stdout
