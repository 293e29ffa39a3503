"""A cluster in processes of ours: a scheduler, and machines with folders and locks of their own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from harness.cli.matrix import read_matrix
from harness.cli.uv import clean_environment
from harness.commands import COMMANDS
from harness.commands.cluster import scheduler, worker
from harness.experiment.cluster.machine import CELLS
from harness.experiment.cluster.parcel import VARIABLE as PLACE
from harness.machine.lock import VARIABLE as LOCK
from infrastructure.processes.lifeline import LIFELINE
from infrastructure.root import ROOT
from tests.cluster.driver import CELL
from tests.conftest import at_work_below
from tests.waiting import until

LOOPBACK = "127.0.0.1"
UP_S = 20.0
ENDS_S = 90.0


@dataclass(frozen=True)
class Host:
    """``address``: where it listens. ``enter``: what starts a program there."""

    name: str
    address: str = LOOPBACK
    enter: tuple[str, ...] = ()


@dataclass
class Site:
    """``folder``: below which everything works. ``address``: what the scheduler listens on.
    ``tls``: options that name its files.
    """

    folder: Path
    hosts: Sequence[Host]
    address: str = LOOPBACK
    tls: Sequence[str] = ()
    port: int = 0
    processes: dict[str, subprocess.Popen[str]] = field(default_factory=dict)
    lines: dict[str, Path] = field(default_factory=dict)

    @property
    def scheduler(self) -> str:
        return f"{'tls' if self.tls else 'tcp'}://{self.address}:{self.port}"

    def place(self, host: Host) -> Path:
        return self.folder / host.name

    def start_scheduler(self) -> None:
        self.port = self.port or free_port(self.address)
        words = ["scheduler", "--host", self.address, "--port", str(self.port), *self.tls]
        argv = [sys.executable, "-P", "-m", *scheduler(parsed(words))]
        self.start("scheduler", argv, {})
        until(lambda: answers(self.address, self.port), UP_S)

    def start_worker(self, host: Host) -> None:
        self.place(host).mkdir(exist_ok=True)
        words = ["worker", self.scheduler, "--host", host.address, "--name", host.name]
        words += ["--resources", f"{host.name}=1", *self.tls]
        argv = [*host.enter, sys.executable, "-P", "-m", *worker(parsed(words))]
        own = {
            PLACE: str(self.place(host) / "blocks"),
            LOCK: str(self.place(host) / "lock"),
            CELLS: json.dumps([[*CELL, sys.executable]]),
            "DASK_TEMPORARY_DIRECTORY": str(self.place(host)),
        }
        self.start(host.name, argv, own)

    def start_driver(self, database: Path, blocks: int, *experiment: str) -> None:
        module = [sys.executable, "-m", "tests.cluster.driver"]
        self.start("driver", [*module, self.scheduler, str(database), str(blocks), *experiment], {})

    def start_placed(self, database: Path, places: str) -> None:
        module = [sys.executable, "-m", "tests.cluster.placed"]
        self.start("driver", [*module, self.scheduler, str(database), places], {})

    def start(self, name: str, argv: Sequence[str], own: Mapping[str, str]) -> None:
        self.lines[name] = self.folder / f"{name}.log"
        readers = LIFELINE.readers([signal.SIGKILL])
        with self.lines[name].open("a") as log:
            self.processes[name] = process = subprocess.Popen(
                argv,
                cwd=self.folder,
                env={**clean_environment(), "PYTHONPATH": str(ROOT), **own},
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
                pass_fds=readers,
            )
        LIFELINE.tie(readers, [signal.SIGKILL], -process.pid)  # should we be killed

    def kill(self, name: str) -> bool:
        """As a machine that is switched off; whether it was there."""
        process = self.processes[name]
        there = process.poll() is None
        process.kill()
        process.wait()
        return there

    def said(self, name: str) -> str:
        return self.lines[name].read_text() if name in self.lines else ""

    def experiment(self) -> str:
        """The id that the session said, empty before it did."""
        found = [
            w
            for line in self.said("driver").splitlines()
            for w in line.split()[1:]
            if line.startswith("experiment ")
        ]
        return found[-1] if found else ""

    def ended(self, name: str = "driver", seconds: float = ENDS_S) -> int | None:
        """Its exit code; None where it does not end."""
        until(lambda: self.processes[name].poll() is not None, seconds)
        return self.processes[name].poll()

    def close(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + UP_S
        for process in self.processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def kept(self) -> list[str]:
        """Works that machines still keep, for somebody to fetch."""
        return [path.name for host in self.hosts for path in self.place(host).glob("blocks/*")]

    def left(self) -> list[psutil.Process]:
        """What works below it after everything was ended."""
        until(lambda: not at_work_below(self.folder), UP_S)
        return at_work_below(self.folder)


def parsed(words: Sequence[str]):  # type: ignore[no-untyped-def]
    return COMMANDS["cluster"].parse(words, read_matrix())


def free_port(address: str) -> int:
    with socket.socket() as asked:
        asked.bind((address, 0))
        return int(asked.getsockname()[1])


def answers(address: str, port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex((address, port)) == 0


@contextmanager
def site_of(
    folder: Path, hosts: Sequence[Host], address: str = LOOPBACK, tls: Sequence[str] = ()
) -> Iterator[Site]:
    """Scheduler and machines, started; ended in every case."""
    site = Site(folder, hosts, address, tls)
    try:
        site.start_scheduler()
        for host in hosts:
            site.start_worker(host)
        yield site
    finally:
        site.close()


@contextmanager
def namespaces(names: Sequence[str]) -> Iterator[list[Host]]:
    """Hosts with addresses of their own, on a bridge of this one, 10.77.N.1; as root."""
    number = os.getpid() % 200 + 20
    bridge, made = f"bq{number}", []
    run("ip", "link", "add", bridge, "type", "bridge")
    try:
        run("ip", "addr", "add", f"10.77.{number}.1/24", "dev", bridge)
        run("ip", "link", "set", bridge, "up")
        for n, name in enumerate(names, 2):
            made.append(namespace(f"{bridge}-{name}", bridge, f"10.77.{number}.{n}", n))
        yield [
            Host(name, f"10.77.{number}.{n}", ("ip", "netns", "exec", made[n - 2]))
            for n, name in enumerate(names, 2)
        ]
    finally:
        for each in made:
            run("ip", "netns", "del", each)
        run("ip", "link", "del", bridge)


def namespace(name: str, bridge: str, address: str, n: int) -> str:
    outer, inner = f"{bridge}v{n}", f"{bridge}w{n}"
    run("ip", "netns", "add", name)
    run("ip", "link", "add", outer, "type", "veth", "peer", "name", inner)
    run("ip", "link", "set", outer, "master", bridge, "up")
    run("ip", "link", "set", inner, "netns", name)
    inside: Callable[..., None] = lambda *words: run("ip", "-n", name, *words)  # noqa: E731
    inside("addr", "add", f"{address}/24", "dev", inner)
    inside("link", "set", inner, "up")
    inside("link", "set", "lo", "up")
    return name


def run(*argv: str) -> None:
    subprocess.run(argv, check=True, capture_output=True, text=True)


def may_make_namespaces() -> bool:
    """Root, iproute2, and a kernel that has them."""
    if shutil.which("ip") is None:
        return False
    name = f"bq-try-{os.getpid()}"
    if subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode:
        return False
    run("ip", "netns", "del", name)
    return True
