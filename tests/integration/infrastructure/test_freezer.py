"""What is frozen takes no CPU, children included, and goes on afterwards."""

import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from infrastructure.processes.folder import kill_session
from infrastructure.processes.freezer import Freezer, family

SPIN = """
import os
if os.fork() == 0:
    os.setsid()  # as PostgreSQL's children do
while True:
    pass
"""


@pytest.fixture
def spinning() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-c", SPIN], start_new_session=True)
    while len(family(process.pid)) < 2:
        time.sleep(0.01)
    own = family(process.pid)
    yield process.pid
    for pid in own:
        kill_session(pid)
    process.wait()


def cpu(pids: set[int]) -> float:
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids)


def states(pids: set[int]) -> set[str]:
    return {psutil.Process(pid).status() for pid in pids}


def wait_for(pids: set[int], wanted: set[str]) -> None:
    deadline = time.monotonic() + 10
    while not states(pids) <= wanted and time.monotonic() < deadline:
        time.sleep(0.01)
    assert states(pids) <= wanted


def test_a_frozen_family_takes_no_cpu_and_goes_on(spinning: int) -> None:
    members, freezer = family(spinning), Freezer([spinning])
    freezer.freeze()
    wait_for(members, {psutil.STATUS_STOPPED})
    before = cpu(members)
    time.sleep(0.3)
    assert cpu(members) == before
    freezer.thaw()
    wait_for(members, {psutil.STATUS_RUNNING, psutil.STATUS_SLEEPING})
    deadline = time.monotonic() + 10
    while cpu(members) <= before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert cpu(members) > before
