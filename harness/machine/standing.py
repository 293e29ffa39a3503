"""``infra``: brokers that stay up until they are told to go, for whoever wants one standing.

A standing broker belongs to a folder ``.nox/infra/BROKER/``: its data, its logs, the sessions of
its processes, and what is known of it (STANDING, readable by its owner only: an address may hold a
password). These are not trial folders: no watchdog and no recovery of the harness looks there.
"""

import argparse
import fcntl
import json
import os
import shlex
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from harness.cli.matrix import Matrix
from harness.cli.progress import clock
from infrastructure import docker, postgresql
from infrastructure.brokers import NAMES, BrokerChoice, service
from infrastructure.errors import BenchError, UsageError
from infrastructure.processes.folder import (
    SESSIONS,
    TrialFolder,
    ask_to_end,
    is_live,
    is_owned,
    kill_session,
    start_time,
)
from infrastructure.service import answers

STANDING = "standing.json"
PATIENCE_S = 2.0  # what takes longer shows that it goes on
SAME_S = 2.0  # a process's start is computed from the clock, which may be set meanwhile
LOG_LINES = 40
KILLED = {"rabbitmq"}  # not asked to end, which takes 6 s: what it would save goes anyway
WIDE = 240  # columns: a table's address is not folded, so that it can be copied


@dataclass(frozen=True)
class Standing:
    """What is known of a standing broker. ``pid`` is None for a container, ``born`` its process's
    start as ``folder.start_time`` gives it, ``since`` when it was ready (seconds of the epoch).
    """

    broker: str
    provider: str
    relaxed: bool
    version: str
    url: str
    pid: int | None
    born: float
    since: float

    def write(self, folder: Path) -> None:
        descriptor = os.open(folder / STANDING, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(asdict(self), file)

    @classmethod
    def read(cls, folder: Path) -> "Standing | None":
        """None for one that never got ready, is not there, or was written by another version."""
        try:
            return cls(**json.loads((folder / STANDING).read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def lives(self, folder: Path) -> bool:
        """Whether its process, or its container, is there."""
        if self.pid is not None:
            return is_same(self.pid, self.born)
        project = docker.project_of(folder)
        return project is not None and project.runs()

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0


def is_same(pid: int, born: float) -> bool:
    """Whether that very process lives: after a restart of the machine a pid is somebody else's."""
    try:
        process = psutil.Process(pid)
        return is_live(process) and abs(process.create_time() - born) < SAME_S
    except psutil.NoSuchProcess:
        return False


# -- up ----------------------------------------------------------------------------------------


def up(place: Path, matrix: Matrix, options: argparse.Namespace) -> int:
    """Start what is asked for, one after the other; 1 when one is not up afterwards."""
    choices = [
        BrokerChoice(name, options.provider, relaxed=options.durability == "relaxed")
        for name in options.brokers or NAMES
    ]
    if options.brokers:
        for choice in choices:
            choice.check_offered()
    else:
        choices = [choice for choice in choices if offered(choice)]
    return each({choice.name: bring_up(place, matrix, choice) for choice in choices})


def offered(choice: BrokerChoice) -> bool:
    try:
        choice.check_offered()
    except UsageError:
        return False
    return True


def bring_up(place: Path, matrix: Matrix, choice: BrokerChoice) -> Callable[[], None]:
    def act() -> None:
        folder = place / choice.name
        standing = Standing.read(folder)
        if standing is not None and standing.lives(folder):
            check_same(choice, standing)
            print(f"{choice.name} already stands: {describe(standing)}")
        else:
            if folder.exists():
                print(f"{choice.name}: clearing away one that ended without `down`")
                clear(folder)
            settled = choice.settled()
            with waiting(f"starting {choice.name} ({settled.provider})"):
                standing = start(place, settled)
            print(f"{choice.name} stands: {describe(standing)}")
        print(f"  {standing.url}\n" + use(matrix, standing))

    return act


def check_same(choice: BrokerChoice, standing: Standing) -> None:
    """Raises BenchError when another one stands than the one asked for."""
    other = choice.provider not in {"auto", standing.provider}
    if other or choice.relaxed != standing.relaxed:
        raise BenchError(
            f"another one stands already: {describe(standing)}; "
            f"end it first: nox -s infra -- down {choice.name}"
        )


def describe(standing: Standing) -> str:
    durability = ", durability relaxed" if standing.relaxed else ""
    process = f", process {standing.pid}" if standing.pid is not None else ""
    return f"{standing.version} ({standing.provider}{durability}){process}"


def use(matrix: Matrix, standing: Standing) -> str:
    """What to type to measure with it, and to end it."""
    python = "{}.{}".format(*sys.version_info)
    able = [f.name for f in matrix.frameworks.values() if standing.broker in f.brokers]
    lines = [f"  end it:  nox -s infra -- down {standing.broker}"]
    if able:
        options = f"--broker {standing.broker} --provider url --broker-url"
        bench = f'nox -s "bench-{python}({able[0]})" -- {options} {shlex.quote(standing.url)}'
        lines.insert(0, f"  use it:  {bench}")
    return "\n".join(lines)


def start(place: Path, choice: BrokerChoice) -> Standing:
    """Start it in a folder of its own; nothing is left when that fails. Raises TrialFailed."""
    folder = TrialFolder.create(place, choice.name, {})
    try:
        broker = choice.start(folder, {}, durable=True)
        pid = broker.process.pid if broker.process is not None else None
        born = start_time(pid) if pid is not None else 0.0
        standing = Standing(
            choice.name, choice.provider, choice.relaxed, broker.version, broker.url, pid, born,
            time.time(),
        )  # fmt: skip
        standing.write(folder.path)
    except BaseException:
        clear(folder.path)
        raise
    finally:
        folder.release()
    return standing


# -- down --------------------------------------------------------------------------------------


def down(place: Path, options: argparse.Namespace) -> int:
    """End what is asked for, or all; 1 when something of one is left."""
    names = options.brokers or standing_in(place)
    if not names:
        print("nothing stands")
    return each({name: bring_down(place / name) for name in names})


def bring_down(folder: Path) -> Callable[[], None]:
    def act() -> None:
        if not folder.exists():
            print(f"{folder.name} does not stand")
            return
        standing = Standing.read(folder)
        lived = standing is not None and standing.lives(folder)
        with waiting(f"ending {folder.name}"):
            clear(folder)
        if lived and standing is not None and answers(standing.port):
            raise BenchError(f"it was ended, yet port {standing.port} still answers")
        print(f"{folder.name} ended" if lived else f"{folder.name} had died; cleared away")

    return act


def clear(folder: Path) -> None:
    """End what belongs to a folder, whatever state it is in, and remove it.

    Raises TrialFailed when a container cannot be removed; the folder stays then.
    """
    if project := docker.project_of(folder):
        project.down()
    leaders = [pid for pid, born in sessions(folder) if is_ours(pid, born)]
    if folder.name not in KILLED:
        ask_to_end(leaders)
    for pid in leaders:
        kill_session(pid)
    kill_workers_in(folder)
    for lock in folder.glob(f"*/data/{postgresql.LOCK}"):
        postgresql.forget(lock.parent)
    shutil.rmtree(folder)


def sessions(folder: Path) -> list[tuple[int, float]]:
    """Leaders of the process sessions that were started for it, each with its start."""
    try:
        lines = (folder / SESSIONS).read_text().splitlines()
    except FileNotFoundError:
        return []
    return [(int(pid), float(born)) for pid, born, _role in map(str.split, lines)]


def is_ours(pid: int, born: float) -> bool:
    """Whether a session of that number can only be the one we started. Its number is not given
    again while a member lives; so it is, unless another process has it or the machine was started
    anew.
    """
    if psutil.pid_exists(pid):
        return is_same(pid, born)
    return born > psutil.boot_time() - SAME_S


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


# -- status and logs ---------------------------------------------------------------------------


def status(place: Path, options: argparse.Namespace) -> int:
    """A table of what stands; 1 when one asked for does not, or one that was started died."""
    names = options.brokers or standing_in(place)
    if not names:
        print("nothing stands; start a broker: nox -s infra -- up redis")
        return 0
    page = Table(box=None, pad_edge=False)
    for title in ("broker", "provider", "version", "process", "since", "holds", "address"):
        page.add_column(title, no_wrap=True)
    fine, remarks = True, []
    for name in names:
        cells, remark = row(place / name)
        page.add_row(name, *cells)
        if remark:
            fine = False
            remarks.append(f"{name}: {remark}")
    Console(width=WIDE, highlight=False).print(page)
    for remark in remarks:
        print(f"\n{remark}")
    return 0 if fine else 1


def row(folder: Path) -> tuple[list[str], str]:
    """The cells of a table's row, and what is wrong, in words; nothing when all is well."""
    standing = Standing.read(folder)
    if standing is None:
        if folder.exists() and is_owned(folder):
            return ["starting"], "it is being started now"
        found = "died while it started" if folder.exists() else "does not stand"
        return ["—"], f"it {found}; start it: nox -s infra -- up {folder.name}"
    process = str(standing.pid) if standing.pid is not None else "container"
    cells = [label(standing), standing.version, process, since(standing)]
    if not standing.lives(folder):
        return [*cells, "died", standing.url], (
            f"it died; start it anew: nox -s infra -- up {folder.name}; the end of its log:\n"
            + log_of(folder)
        )
    if not answers(standing.port):
        return [*cells, "no answer", standing.url], (
            f"its process lives, and nothing answers at port {standing.port}; the end of its log:\n"
            + log_of(folder)
        )
    return [*cells, contents(standing), standing.url], ""


def label(standing: Standing) -> str:
    return f"{standing.provider}, relaxed" if standing.relaxed else standing.provider


def since(standing: Standing) -> str:
    begun = datetime.fromtimestamp(standing.since, UTC).astimezone()
    return f"{begun:%Y-%m-%d %H:%M} ({clock(time.time() - standing.since)})"


def contents(standing: Standing) -> str:
    """What it holds, as ``bench`` would find it: that refuses a server which is not empty. Nothing
    is written there, so rights are not tried.
    """
    try:
        broker = service(standing.broker).connect(standing.url, (), flush=False, rights=False)
    except UsageError as error:
        said = str(error).partition(": ")[2] or str(error)
        return said.partition(" and would")[0].partition(";")[0].removeprefix("the database holds ")
    held = broker.keys()
    broker.stop()
    return "unknown" if held is None else str(held or "nothing")


def logs(place: Path, options: argparse.Namespace) -> int:
    """The end of the logs; 1 when one asked for is not there."""
    names = options.brokers or standing_in(place)
    if not names:
        print("nothing stands, so there is no log")
    return each({name: show_log(place / name) for name in names})


def show_log(folder: Path) -> Callable[[], None]:
    def act() -> None:
        if not folder.exists():
            raise BenchError(f"it does not stand; start it: nox -s infra -- up {folder.name}")
        print(f"── {folder.name}\n{log_of(folder)}")

    return act


def log_of(folder: Path) -> str:
    """The last lines of each of its logs."""
    if project := docker.project_of(folder):
        return project.logs()
    ends = [end_of(path) for path in sorted(folder.glob("*.log"))]
    return "\n".join(end for end in ends if end) or "(the log is empty)"


def end_of(path: Path) -> str:
    lines = path.read_text(errors="replace").splitlines()[-LOG_LINES:]
    return "\n".join([f"{path}:", *(f"  {line}" for line in lines)]) if lines else ""


# -- the command -------------------------------------------------------------------------------


def standing_in(place: Path) -> list[str]:
    """Brokers that have a folder, standing or not."""
    return sorted(path.name for path in place.iterdir() if path.is_dir()) if place.is_dir() else []


def each(actions: dict[str, Callable[[], None]]) -> int:
    """Do all, whatever becomes of one; 1 when one failed."""
    failed = 0
    for name, act in actions.items():
        try:
            act()
        except BenchError as error:
            print(f"error: {name}: {error}", file=sys.stderr)
            failed = 1
    return failed


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Say what is waited for, once it takes longer than PATIENCE_S.

    On stderr, as all progress: what a command prints does not depend on how fast the machine is.
    """
    console = Console(stderr=True, highlight=False)
    progress = Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(),
        console=console, transient=True,
    )  # fmt: skip
    progress.add_task(f"{what} …")

    def show() -> None:
        if console.is_terminal:
            progress.start()
        else:
            console.print(f"{what} …")

    timer = threading.Timer(PATIENCE_S, show)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        if progress.live.is_started:
            progress.stop()


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """One command at a time changes what stands. Raises BenchError while another does."""
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BenchError(
                "another `infra` is starting or ending brokers now: wait until it is done"
            ) from None
        yield


def infra_command(matrix: Matrix, options: argparse.Namespace) -> int:
    """0 when all asked for is as asked, 1 when something is not up (or not down), 2 for what is
    not offered at all.
    """
    place: Path = options.place.absolute()
    if options.action == "status":
        return status(place, options)
    if options.action == "logs":
        return logs(place, options)
    with alone(place):
        return up(place, matrix, options) if options.action == "up" else down(place, options)
