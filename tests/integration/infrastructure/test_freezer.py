"""What is frozen takes no CPU, children included, and goes on afterwards."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from infrastructure.processes.born import born
from infrastructure.processes.cgroup import forsaken_group, new_group
from infrastructure.processes.folder import (
    SESSIONS,
    end_processes,
    is_live,
    kill_session,
)
from infrastructure.processes.freezer import Freezer, SignalFreezer, new_freezer
from infrastructure.processes.role import Role
from infrastructure.processes.table import family

SPIN = """
import os
if os.fork() == 0:
    os.setsid()  # as PostgreSQL's children do
while True:
    pass
"""


@contextmanager
def spin() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-c", SPIN], start_new_session=True)
    while len(family(process.pid)) < 2:
        time.sleep(0.01)
    own = family(process.pid)
    yield process.pid
    for pid in own:
        kill_session(pid)
    process.wait()


@pytest.fixture
def spinning() -> Iterator[int]:
    with spin() as leader:
        yield leader


@pytest.fixture
def another() -> Iterator[int]:
    with spin() as leader:
        yield leader


def cpu(pids: set[int]) -> float:
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids)


def states(pids: set[int]) -> set[str]:
    return {psutil.Process(pid).status() for pid in pids}


def wait_for(pids: set[int], wanted: set[str]) -> None:
    deadline = time.monotonic() + 10
    while not states(pids) <= wanted and time.monotonic() < deadline:
        time.sleep(0.01)
    assert states(pids) <= wanted


def by_group(leader: int) -> Freezer:
    group = new_group()
    if group is None:
        pytest.skip("no control group can be had here")
    group.take(lambda: family(leader))
    return group


def by_signals(leader: int) -> Freezer:
    return SignalFreezer([leader])


def at_rest(members: set[int]) -> float:
    """The CPU seconds that they stand still at."""
    before = cpu(members)
    time.sleep(0.3)
    assert cpu(members) == before
    return before


def goes_on(members: set[int], before: float) -> None:
    deadline = time.monotonic() + 10
    while cpu(members) <= before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert cpu(members) > before


@pytest.mark.parametrize("freezer_of", [by_group, by_signals])
def test_a_frozen_family_takes_no_cpu_and_goes_on(
    spinning: int, freezer_of: Callable[[int], Freezer]
) -> None:
    members, freezer = family(spinning), freezer_of(spinning)
    freezer.freeze()
    time.sleep(0.1)  # a signal arrives at the next tick of a process that runs
    before = at_rest(members)
    freezer.thaw()
    goes_on(members, before)
    freezer.give_up()


@pytest.mark.parametrize("freezer_of", [by_group, by_signals])
def test_what_starts_while_its_arm_stands_still_does_so_too(
    spinning: int, another: int, freezer_of: Callable[[int], Freezer]
) -> None:
    members, freezer = family(another), freezer_of(spinning)
    freezer.freeze()
    freezer.take_in(another)
    time.sleep(0.1)
    before = at_rest(members)
    freezer.give_up()
    goes_on(members, before)


def test_a_group_lets_its_processes_go_and_leaves_nothing(spinning: int) -> None:
    freezer = by_group(spinning)
    freezer.freeze()
    found = forsaken_group(spinning)
    assert found is not None
    freezer.give_up()
    assert forsaken_group(spinning) is None
    assert not found.folder.exists()
    before = cpu(family(spinning))
    time.sleep(0.3)
    assert cpu(family(spinning)) > before


def test_without_a_group_signals_do(spinning: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infrastructure.processes.freezer.new_group", lambda: None)
    freezer = new_freezer([spinning])
    freezer.freeze()
    wait_for(family(spinning), {psutil.STATUS_STOPPED})
    freezer.give_up()
    wait_for(family(spinning), {psutil.STATUS_RUNNING, psutil.STATUS_SLEEPING})


@pytest.mark.parametrize("freezer_of", [by_group, by_signals])
def test_what_a_killed_harness_left_frozen_is_ended(
    spinning: int, freezer_of: Callable[[int], Freezer], tmp_path: Path
) -> None:
    freezer_of(spinning).freeze()
    found = forsaken_group(spinning)
    noted = f"{spinning} {born(spinning)} {Role.WORKERS}\n"
    (tmp_path / SESSIONS).write_text(noted)
    assert end_processes(tmp_path) >= 1
    assert not any(is_live(psutil.Process(pid)) for pid in family(spinning))
    assert found is None or not found.folder.exists()
