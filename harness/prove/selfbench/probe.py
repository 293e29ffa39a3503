"""What the probe costs, and whether stamps of two processes can be compared."""

import subprocess
import sys
import time
from pathlib import Path

from harness.prove.selfbench.session import SelfbenchSession
from harness.trial.cell import Arm
from infrastructure.processes.child import cell_environment

ECHO = """
import sys, time
for _ in sys.stdin.buffer:
    sys.stdout.buffer.write(b"%d\\n" % time.monotonic_ns())
    sys.stdout.buffer.flush()
"""


def probe_cost(session: SelfbenchSession, arm: Arm) -> None:
    """What the probe adds to a task, measured in the cell by the cell's own Python."""
    done = subprocess.run(
        [arm.executable, "-m", "tasks.cost", str(session.sizes.calls)],
        env=cell_environment(Path(), 0),
        capture_output=True,
        text=True,
        check=True,
    )
    session.add(f"probe_cost_{arm.framework}", float(done.stdout), "us")


def clock_violations(session: SelfbenchSession) -> None:
    """Ping-pongs between two processes: the child's stamp must lie between ours."""
    child = subprocess.Popen(
        [sys.executable, "-c", ECHO], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    )
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("no pipes to the echo process")
    violations = 0
    with child:
        for _ in range(session.sizes.ping_pongs):
            before = time.monotonic_ns()
            child.stdin.write(b"x\n")
            stamp = int(child.stdout.readline())
            violations += not before <= stamp <= time.monotonic_ns()
        child.stdin.close()
    session.add("clock_violations", violations, "stamps")
