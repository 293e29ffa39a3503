"""Ending standing brokers, with all that belongs to them."""

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from harness.machine.standing.actions import each_standing, waiting
from harness.machine.standing.broker import Standing, is_same
from infrastructure import docker
from infrastructure.errors import BenchError
from infrastructure.postgresql.ending import LOCK, forget
from infrastructure.processes.born import Born
from infrastructure.processes.folder import (
    SESSIONS,
    ask_to_end,
    kill_session,
)
from infrastructure.servers import answers

KILLED = {"rabbitmq"}  # not asked to end, which takes 6 s: what it would save goes anyway


def down(place: Path, asked: Sequence[str]) -> int:
    """End what is asked for, or all; 1 when something of one is left."""
    return each_standing(place, asked, bring_down, "no broker is running")


def bring_down(folder: Path) -> None:
    if not folder.exists():
        print(f"{folder.name} is not running")
        return
    standing = Standing.read(folder)
    lived = standing is not None and standing.lives(folder)
    with waiting(f"ending {folder.name}"):
        clear(folder)
    if lived and standing is not None and answers(standing.port):
        raise BenchError(f"it was ended, yet port {standing.port} still answers")
    print(f"{folder.name} ended" if lived else f"{folder.name} had died; cleared away")


def clear(folder: Path) -> None:
    """End what belongs to a folder, whatever state it is in, and remove it.

    Raises TrialFailed when a container cannot be removed; the folder stays then.
    """
    if project := docker.project_of(folder):
        project.down()
    leaders = [pid for pid, then in sessions(folder) if is_ours(pid, then)]
    if folder.name not in KILLED:
        ask_to_end(leaders)
    for pid in leaders:
        kill_session(pid)
    kill_workers_in(folder)
    for lock in folder.glob(f"*/data/{LOCK}"):
        forget(lock.parent)
    shutil.rmtree(folder)


def sessions(folder: Path) -> list[tuple[int, Born]]:
    """Leaders of the process sessions that were started for it, each with its start."""
    try:
        lines = (folder / SESSIONS).read_text().splitlines()
    except FileNotFoundError:
        return []
    return [(int(pid), Born.read(then)) for pid, then, _role in map(str.split, lines)]


def is_ours(pid: int, then: Born) -> bool:
    """Whether a session of that number can only be the one we started. Its number is not given
    again while a member lives; so it is, unless another process has it or the machine was started
    anew.
    """
    if psutil.pid_exists(pid):
        return is_same(pid, then)
    return then.this_boot


def kill_workers_in(folder: Path) -> None:
    """End processes that work in the folder and left the session of the one that started them, as
    PostgreSQL's do. Who looks in from a terminal, or called us, works there too, and stays.
    """
    inside = os.path.realpath(folder)
    callers = {process.pid for process in psutil.Process().parents()} | {os.getpid()}
    left = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            ours = process.pid not in callers and not has_terminal(process.pid)
            if ours and Path(process.cwd()).is_relative_to(inside):
                process.kill()
                left.append(process)
    psutil.wait_procs(left, 5.0)


def has_terminal(pid: int) -> bool:
    """By the number in its stat: psutil knows only the terminals that were there when it was first
    asked, and takes who came by a later one for a process without. Raises OSError when it is gone.
    """
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return fields[4] != "0"  # state, parent, group, session, terminal
