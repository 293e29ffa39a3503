"""Ending a trial's processes: those that need the broker first, and the broker last."""

import signal
import time
from collections.abc import Sequence

from harness.scenario.partner import ALONE
from harness.scenario.run import Run
from harness.trial.outside import end_outside
from harness.trial.trial import Trial
from infrastructure.processes.child import Child
from infrastructure.processes.role import Role

NEEDED = {Role.BROKER, Role.NETWORK, Role.CLOCK}  # by those that end before them
GRACE_S = 15.0
GRACE_FAILED_S = 2.0


def stop(trial: Trial, run: Run) -> None:
    """End workers, producers and what stands beside them, of a trial that came to its end.

    In turns nobody waits for workers to leave in their own way, which takes some of them two
    seconds: nothing of the arm is looked at any more, and the next block waits.
    """
    run.sampler.stop()
    if trial.partner is not ALONE:
        kill_all(clients(trial))
        return
    begin = time.monotonic()
    trial.remarks += stop_clients(trial, GRACE_S)
    trial.add("teardown", time.monotonic() - begin, "s")


def stop_clients(trial: Trial, grace_s: float) -> list[str]:
    """End everything that needs the broker, and what it has left behind; a sentence about each
    that had to be killed.
    """
    said = stop_all(clients(trial), grace_s)
    end_outside(trial.folder)
    return said


def clients(trial: Trial) -> list[Child]:
    return [child for child in trial.children if child.role not in NEEDED]


def kill_all(children: Sequence[Child]) -> None:
    """Those that left a session for one of their own too, which nobody else would end."""
    for child in children:
        child.signal_all(signal.SIGKILL)
    stop_all(children, 0)


def stop_all(children: Sequence[Child], grace_s: float) -> list[str]:
    """End children side by side; a sentence about each that had to be killed."""
    for child in children:
        child.ask_to_end()
    return [
        f"the {child.role} process {child.pid} did not end within {grace_s:g} s and was killed"
        for child in children
        if not child.stop(grace_s=grace_s)
    ]
