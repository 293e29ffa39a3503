"""Cores of real processes, children included."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from harness.machine.cores import cores
from harness.scenario.seats import seated
from infrastructure.processes.folder import kill_session
from infrastructure.processes.table import family

# Forks a child with a session of its own at each line that it reads, and says who it is.
FORKS = """
import os, sys, time
for _ in sys.stdin:
    if not (pid := os.fork()):
        os.setsid()
        print(os.getpid(), flush=True)
        time.sleep(60)
"""


@pytest.fixture
def forking() -> Iterator[subprocess.Popen[str]]:
    argv, pipe = [sys.executable, "-S", "-c", FORKS], subprocess.PIPE
    with subprocess.Popen(argv, start_new_session=True, text=True, stdin=pipe, stdout=pipe) as one:
        yield one
        for pid in family(one.pid):
            kill_session(pid)


def fork(parent: "subprocess.Popen[str]") -> int:
    assert parent.stdin
    assert parent.stdout
    parent.stdin.write("\n")
    parent.stdin.flush()
    return int(parent.stdout.readline())


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="takes a core that is not all")
def test_children_have_their_parents_core_and_are_let_go_with_it(
    forking: "subprocess.Popen[str]",
) -> None:
    before = fork(forking)
    core, *_ = cores()
    seats = [frozenset(family(forking.pid))]
    with seated(seats, [core], lambda: family(forking.pid)):
        meanwhile = fork(forking)
        pids = (forking.pid, before, meanwhile)
        assert [os.sched_getaffinity(pid) for pid in pids] == [core] * 3
    assert [os.sched_getaffinity(pid) for pid in pids] == [os.sched_getaffinity(0)] * 3
