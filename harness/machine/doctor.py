"""``doctor``: what this machine can do, and what to type for what is missing.

A topic is a function that returns findings; each finding is one line of its table. What cannot be
read is said to be unreadable, never guessed.
"""

import argparse
import importlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.cli.interpreters import find_python
from harness.cli.matrix import LOCKS, Matrix
from harness.machine import environment
from harness.machine.attach import tool, why_not
from harness.machine.environment import UNREADABLE
from harness.store import database as store
from infrastructure import docker
from infrastructure.brokers import DOCKER, NAMES, providers, service
from infrastructure.errors import BenchError
from infrastructure.processes.folder import leftovers, spool_of
from infrastructure.root import ROOT

VERSION_S = 10.0
PROFILER_S = 30.0
NOISE_S = 1.0
CLOCKS = {"tsc", "arch_sys_counter", "kvm-clock"}
LEAST_DISK = 2 * 2**30  # bytes; a cell's profiles of one full session are some 50 MB
LEAST_MEMORY = 2**30  # bytes; ten prefork children are 0.7 GB
REBUILD = "remove .nox/harness, nox builds it again"
ASLEEP = "import time; print('up', flush=True); time.sleep(60)"


class Mark(StrEnum):
    OK = "ok"
    WARNING = "warning"
    MISSING = "missing"
    ABSENT = "–"  # nothing is wrong: another one does the same


COLOURS = {Mark.OK: "green", Mark.WARNING: "yellow", Mark.MISSING: "red", Mark.ABSENT: "dim"}
LOUD = {Mark.WARNING, Mark.MISSING}


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, what was found, and what to do or what it means."""

    mark: Mark
    item: str
    found: str
    advice: str = ""


def ok(item: str, found: str, advice: str = "") -> Finding:
    return Finding(Mark.OK, item, found, advice)


def warning(item: str, found: str, advice: str) -> Finding:
    return Finding(Mark.WARNING, item, found, advice)


def missing(item: str, found: str, advice: str) -> Finding:
    return Finding(Mark.MISSING, item, found, advice)


def absent(item: str, found: str, advice: str) -> Finding:
    return Finding(Mark.ABSENT, item, found, advice)


# -- what can be measured ----------------------------------------------------------------------


def pythons(matrix: Matrix) -> list[Finding]:
    """The declared interpreters."""
    return [python(version) for version in matrix.pythons]


def python(version: str) -> Finding:
    path = find_python(version)
    if path:
        return ok(f"Python {version}", path)
    return missing(
        f"Python {version}",
        "not on PATH, nor in pyenv's or uv's folder",
        f"its cells cannot run: pyenv install {version} (or: uv python install {version})",
    )


def cells(matrix: Matrix) -> list[Finding]:
    """Cells whose lock exists, by framework; and the harness's own locks."""
    own = {name: LOCKS / f"{name}.txt" for name in ("harness", "dev")}
    return [
        *(
            locked(name, {pin.id: pin.lock for pin in framework.pins()})
            for name, framework in matrix.frameworks.items()
        ),
        locked("the harness", own),
    ]


def locked(item: str, locks: dict[str, Path]) -> Finding:
    """One line for a group of locks, by the name of what each builds."""
    absent = [name for name, path in locks.items() if not path.exists()]
    if absent:
        return missing(item, f"no lock for {', '.join(absent)}", "nox -s lock")
    return ok(item, f"locked: {', '.join(locks)}")


def brokers(_matrix: Matrix) -> list[Finding]:
    """Every broker by provider, Docker by one look at its engine, and the stub's."""
    engine, images = docker_engine(), pinned_images()
    found: list[Finding] = []
    for name in NAMES:
        own = [server(name, provider) for provider in service(name).PROVIDERS]
        contained = [container(name, images[name], engine)] if engine.mark is Mark.OK else []
        found += judged([*own, *contained])
    return [
        *found,
        *([] if engine.mark is Mark.OK else [engine]),
        ok("any, url", "a server you name", "--provider url --broker-url URL"),
        ok("stub", "tasks/stub_queue.py", "a queue of our own, for tests"),
    ]


def server(name: str, provider: str) -> Finding:
    """A server's program, by really asking it for its version."""
    item = f"{name}, {provider}"
    try:
        path = service(name).find(provider)
    except (BenchError, ImportError) as error:
        if provider == "native":
            return absent(item, "not here", f"nox -s infra -- install {name}")
        return absent(item, "not here", first_line(error))
    try:
        return ok(item, f"{service(name).program_version(path)}, {path}")
    except BenchError as error:
        return warning(item, path, first_line(error))


def docker_engine() -> Finding:
    """Whether containers can be started at all."""
    item = f"any, {DOCKER}"
    try:
        return ok(item, docker.engine_version(docker.find()))
    except BenchError as error:
        return absent(item, "not here", first_line(error).removeprefix("--provider docker: "))


def pinned_images() -> dict[str, str]:
    """What ``--provider docker`` starts, by broker."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return dict(document["tool"]["bench"]["images"])


def container(name: str, image: str, engine: Finding) -> Finding:
    return ok(f"{name}, {DOCKER}", f"{image}, by Docker {engine.found}")


def judged(providers_of_one: list[Finding]) -> list[Finding]:
    """The providers of one broker: that one is absent matters only where no other is here."""
    if any(f.mark is Mark.OK for f in providers_of_one):
        return providers_of_one
    return [replace(f, mark=Mark.WARNING) if f.mark is Mark.ABSENT else f for f in providers_of_one]


def version_of(path: str) -> str | None:
    """What a program answers to --version; None when it does not run."""
    try:
        done = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=VERSION_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = (done.stdout or done.stderr).strip().splitlines()
    return lines[0] if done.returncode == 0 and lines else None


def first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


# -- profilers ---------------------------------------------------------------------------------


def profilers(_matrix: Matrix) -> list[Finding]:
    """Both tools, tried. Without memray the harness cannot even be imported."""
    tracer = memray()
    return [tracer] if tracer.mark is Mark.MISSING else [py_spy(), tracer]


def py_spy() -> Finding:
    """Attach to a sleeping child, as a profiler pass attaches to a worker."""
    program = tool("py-spy")
    with sleeping_child() as pid:
        try:
            done = subprocess.run(
                [program, "dump", "--pid", str(pid)],
                capture_output=True,
                text=True,
                timeout=PROFILER_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return missing("py-spy", first_line(error), REBUILD)
    if done.returncode == 0:
        rights = why_not("").partition("[")[2].rstrip("]")
        return ok("py-spy", f"{version_of(program) or UNREADABLE}, may attach ({rights})")
    return warning(
        "py-spy",
        f"may not attach: {why_not(done.stderr)}",
        "sudo sysctl kernel.yama.ptrace_scope=0, or run as root; in a container: "
        "--cap-add SYS_PTRACE. Until then bench runs without CPU profiles (--no-profilers)",
    )


@contextmanager
def sleeping_child() -> Iterator[int]:
    """The pid of a Python that has started and sleeps."""
    with subprocess.Popen(
        [sys.executable, "-c", ASLEEP], stdout=subprocess.PIPE, text=True
    ) as child:
        try:
            if child.stdout:
                child.stdout.readline()
            yield child.pid
        finally:
            child.kill()


def memray() -> Finding:
    try:
        module = importlib.import_module("memray")
    except ImportError as error:
        return missing("memray", first_line(error), f"no bench can start without it: {REBUILD}")
    return ok("memray", f"memray {module.__version__}")


# -- the machine -------------------------------------------------------------------------------


def machine(_matrix: Matrix) -> list[Finding]:
    """What does not change while a session runs."""
    known = environment.machine()
    return [
        system(),
        readable("CPU", known["cpu_model"], "results cannot name the CPU"),
        cores(known),
        quota(known["cgroup_quota"]),
        memory(),
        clock_source(known["clock_source"]),
        governor(known["governor"]),
        virtual(known["virtualisation"]),
    ]


def readable(item: str, found: str, advice: str) -> Finding:
    return warning(item, found, advice) if found == UNREADABLE else ok(item, found)


def system() -> Finding:
    found = platform.platform()
    if platform.system() == "Linux":
        return ok("system", found)
    return warning("system", found, "tested on Linux only: pressure, steal and PSS will be missing")


def cores(known: dict[str, str]) -> Finding:
    """Cores there are and cores we may use."""
    ours = len(known["affinity"].split(","))
    found = f"{known['cores']}, {ours} of them ours"
    if ours < 2:
        return warning("cores", found, "producer, broker and workers share one core")
    return ok("cores", found)


def quota(found: str) -> Finding:
    """``MAX PERIOD`` of cgroup v2, in microseconds."""
    limit, _, period = found.partition(" ")
    if found == UNREADABLE:
        return ok("CPU quota", found, "no cgroup v2 limit to be seen from here")
    if limit == "max" or not (limit.isdecimal() and period.isdecimal()):
        return ok("CPU quota", "none" if limit == "max" else found)
    share = int(limit) / int(period)
    return warning(
        "CPU quota", f"{share:g} cores", "throttling would show as latency: lift it to measure"
    )


def memory() -> Finding:
    seen = psutil.virtual_memory()
    found = f"{gib(seen.available)} of {gib(seen.total)} available"
    if seen.available < LEAST_MEMORY:
        return warning(
            "memory", found, f"close something: below {gib(LEAST_MEMORY)} workers may swap"
        )
    return ok("memory", found)


def clock_source(found: str) -> Finding:
    if found in CLOCKS:
        return ok("clock", found)
    return warning(
        "clock",
        found,
        f"slow or unknown: a stamp may cost microseconds ({', '.join(sorted(CLOCKS))} do not)",
    )


def governor(found: str) -> Finding:
    if found in {"performance", UNREADABLE}:
        note = (
            ""
            if found == "performance"
            else "usual in a virtual machine; clock speed not ours to set"
        )
        return ok("governor", found, note)
    return warning(
        "governor", found, "clock speed follows load: sudo cpupower frequency-set -g performance"
    )


def virtual(found: str) -> Finding:
    if found in {"none", UNREADABLE}:
        return ok("virtualisation", found)
    return ok("virtualisation", found, "neighbours show as steal")


def gib(count: int) -> str:
    return f"{count / 2**30:.1f} GiB"


# -- noise -------------------------------------------------------------------------------------


def noise(_matrix: Matrix) -> list[Finding]:
    """What else the machine does, over a second in which we do nothing."""
    seen = environment.Surroundings()
    begin = time.process_time()
    time.sleep(NOISE_S)
    found = seen.since(time.process_time() - begin)
    return [
        pressure(found["psi_percent"]),
        counter("steal", found, "steal_percent", "the host gives our cores to others"),
        counter("foreign CPU", found, "foreign_cpu_percent", "something else is working: end it"),
        load(float(found["load_1min"]), os.cpu_count() or 1),
    ]


def pressure(found: str) -> Finding:
    """The idle gate's measure before every trial."""
    if found == UNREADABLE:
        return warning(
            "CPU pressure", found, "no /proc/pressure: trials start without an idle gate"
        )
    if float(found) < environment.IDLE_PSI:
        return ok("CPU pressure", f"{found} %")
    return warning(
        "CPU pressure",
        f"{found} %",
        f"a trial waits up to {environment.IDLE_WAIT_S:.0f} s for less than "
        f"{environment.IDLE_PSI:g} %, then is flagged",
    )


def counter(item: str, seen: dict[str, str], name: str, advice: str) -> Finding:
    """A counter that flags trials beyond a limit; the limits are ``environment.flags``'s own."""
    value = seen[name]
    if value == UNREADABLE:
        return warning(item, value, "trials cannot be flagged for it")
    if flagged := environment.flags({name: value}):
        return warning(item, f"{value} %", f"{flagged[0]} and flags every trial: {advice}")
    return ok(item, f"{value} %")


def load(one_minute: float, count: int) -> Finding:
    found = f"{one_minute:.2f} on {count} core(s)"
    if one_minute < count / 2:
        return ok("load average", found)
    return warning("load average", found, "the last minute was busy: wait, or end what runs")


# -- the database ------------------------------------------------------------------------------


def database_topic(path: Path) -> Callable[[Matrix], list[Finding]]:
    def database(_matrix: Matrix) -> list[Finding]:
        return [folder(path.parent), disk(path.parent), state(path), spool(path)]

    return database


def folder(path: Path) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=path):
            return ok("folder", f"{path} is writable")
    except OSError as error:
        return missing("folder", f"{path}: {error.strerror}", "name another file with --db")


def disk(path: Path) -> Finding:
    try:
        free = shutil.disk_usage(path).free
    except OSError as error:
        return warning("disk", f"{UNREADABLE}: {error.strerror}", "name another file with --db")
    if free < LEAST_DISK:
        return warning(
            "disk", f"{gib(free)} free", f"make room: {gib(LEAST_DISK)} is a safe amount"
        )
    return ok("disk", f"{gib(free)} free")


def state(path: Path) -> Finding:
    """Missing, sound (with its trials by status), or what is wrong with it."""
    if not path.exists():
        return ok("database", f"{path.name}: not there yet", "the first bench makes it")
    try:
        with store.open_database(path, read_only=True) as connection:
            counted = connection.execute(
                "SELECT status, count(*) FROM trial GROUP BY status ORDER BY status DESC"
            ).fetchall()
    except (BenchError, OSError) as error:
        return missing(
            "database", first_line(error), "move it away, or name another file with --db"
        )
    trials = ", ".join(f"{count} {status}" for status, count in counted) or "none"
    return ok("database", f"{path.name}: schema {store.SCHEMA_VERSION}, trials: {trials}")


def spool(path: Path) -> Finding:
    """Trials of killed sessions, and of sessions that run now."""
    place = spool_of(path)
    stale = list(leftovers(place))
    if stale:
        return warning(
            "leftovers",
            ", ".join(p.name for p in stale),
            "a session was killed here; the next bench stores its trials and ends its processes",
        )
    running = [p.name for p in place.iterdir() if p.is_dir()] if place.is_dir() else []
    if running:
        return warning(
            "leftovers", f"none; now running: {', '.join(running)}", "wait until it ends"
        )
    return ok("leftovers", "none")


# -- the page ----------------------------------------------------------------------------------


def topics(database: Path) -> dict[str, Callable[[Matrix], list[Finding]]]:
    return {
        "Pythons": pythons,
        "Locks": cells,
        "Brokers": brokers,
        "Profilers": profilers,
        "Machine": machine,
        "Noise": noise,
        "Database": database_topic(database),
    }


def look(topic: Callable[[Matrix], list[Finding]], matrix: Matrix) -> list[Finding]:
    """A topic's findings; a look that fails is a finding too."""
    try:
        return topic(matrix)
    except Exception as error:  # noqa: BLE001  the doctor says what is wrong, whatever it is
        return [missing("look", f"{UNREADABLE}: {type(error).__name__}: {error}", "")]


def table(title: str, findings: list[Finding]) -> Table:
    page = Table(title=title, title_justify="left", title_style="bold", box=None, show_header=False)
    page.add_column(no_wrap=True)
    page.add_column(no_wrap=True)
    page.add_column(overflow="fold")
    for f in findings:
        said = Text(f.found)
        if f.advice:
            said.append(f" — {f.advice}", style="bold" if f.mark in LOUD else "dim")
        page.add_row(Text(f.mark, style=COLOURS[f.mark]), f.item, said)
    return page


def can_run(found: dict[str, list[Finding]]) -> bool:
    """A bench can run here at all: a declared Python, and a server that we can start."""
    has_python = any(f.mark is Mark.OK for f in found["Pythons"])
    servers = {f"{name}, {provider}" for name, provider in providers()}
    return has_python and any(f.mark is Mark.OK and f.item in servers for f in found["Brokers"])


def verdict(matrix: Matrix, found: dict[str, list[Finding]]) -> str:
    if not can_run(found):
        return "[red]No bench can run here yet:[/] it takes one declared Python and a server."
    warnings = sum(f.mark is Mark.WARNING for findings in found.values() for f in findings)
    here = next(f.item for f in found["Pythons"] if f.mark is Mark.OK).removeprefix("Python ")
    note = f" with {warnings} warning(s)" if warnings else ""
    cell = next(iter(matrix.frameworks))
    return f'[green]A bench can run here[/]{note}; next: nox -s "bench-{here}({cell})"'


def doctor_command(matrix: Matrix, options: argparse.Namespace) -> int:
    """Look at everything and say it; 0 when a bench can run here at all, else 1."""
    console = Console(highlight=False)
    console.print("[dim]looking at this machine, a few seconds …[/]")
    found: dict[str, list[Finding]] = {}
    for title, topic in topics(options.db).items():
        found[title] = look(topic, matrix)
        console.print()
        console.print(table(title, found[title]))
    console.print()
    console.print(verdict(matrix, found))
    return 0 if can_run(found) else 1
