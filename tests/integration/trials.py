"""Trials at small size, and what may be said of them on any machine: facts, never speeds."""

import itertools
import os
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from harness.cli.matrix import read_matrix
from harness.scenario.catalogue import load_scenario
from harness.trial.cell import Arm
from harness.trial.outcome import Outcome
from harness.trial.plan import Setup
from infrastructure.names import NAMES
from tests.conftest import TINY
from tests.waiting import until

MakeArm = Callable[..., Arm]
Trial = Callable[..., Outcome]
MakeSetup = Callable[[Arm], Setup]

FRAMEWORKS = ("asynctasq", "celery")
# Both of them on all brokers, every framework where it can be, and the rest of these.
TWO_ON_ALL = list(itertools.product(FRAMEWORKS, NAMES))
MATRIX = read_matrix()
EVERY_PAIR = [
    (framework.name, broker)
    for framework in MATRIX.frameworks.values()
    if framework.name != "stub"
    for broker in framework.brokers
]
PAIRS = [pair for pair in EVERY_PAIR if pair[0] not in {*FRAMEWORKS, "raw"}]
CORES = len(os.sched_getaffinity(0))


def on_pairs(pairs: Iterable[tuple[str, str]]) -> pytest.MarkDecorator:
    """The test runs once for each pair of framework and broker, with their arm as ``arm``."""
    return pytest.mark.parametrize("arm", list(pairs), indirect=True, ids="-".join)


def chosen(scenario: str, label: str) -> dict[str, Any]:
    """A point of a scenario by its name, as options of a trial."""
    points = load_scenario(scenario).points(TINY)
    return vars(next(p for p in points if p.label == label))


def only_timing(outcome: Outcome) -> bool:
    """Nothing but the machine's timing may void a trial here: then the trial says so."""
    reasons = (outcome.reason or "generator lag").split("; ")
    return all(r.startswith(("generator lag", "no steady state", "unstable")) for r in reasons)


def sound(outcome: Outcome) -> dict[str, float]:
    """The metrics of a trial in which every task was completed once, whatever its timing."""
    assert only_timing(outcome), outcome.reason
    assert outcome.metrics["completed_once"] == outcome.metrics["issued"] > 0
    return outcome.metrics


def expect_doubles(outcome: Outcome, framework: str) -> None:
    """docs/findings.md: two of AsyncTasQ's workers can both take a task whose time has come."""
    if framework == "asynctasq" and "duplicated" in outcome.reason:
        assert outcome.status == "invalid"
        pytest.xfail("AsyncTasQ executed a delayed task twice")


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    assert until(condition, seconds), "waited too long"


def strike(folder: Path, role: str, number: int = signal.SIGKILL) -> None:
    """Once the load is being drained, send a signal to a process of the trial."""
    deadline = time.monotonic() + 120  # start-up is in it
    while time.monotonic() < deadline:
        for trial_folder in folder.glob("*"):
            if (trial_folder / "records" / "gate-2.open").exists():
                for line in (trial_folder / "sessions").read_text().splitlines():
                    with suppress(psutil.NoSuchProcess):  # such as what made the server's folder
                        process = psutil.Process(int(line.split()[0]))
                        if role in " ".join(process.cmdline()):
                            process.send_signal(number)
                            return
        time.sleep(0.005)
