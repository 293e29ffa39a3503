"""Topic of the profilers: both are tried."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from harness.cli.matrix import Matrix
from harness.machine.attach import tool, why_not
from harness.machine.doctor.findings import Finding, Mark, first_line, missing, ok, warning
from harness.machine.reading import UNREADABLE

VERSION_S = 10.0
PROFILER_S = 30.0
REBUILD = "remove .nox/harness, nox builds it again"
ASLEEP = "import time; print('up', flush=True); time.sleep(60)"


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
