"""A session in a process of its own, to be interrupted and killed."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from harness.cli.matrix import read_matrix
from harness.experiment.row import new_experiment
from harness.trial.cell import Arm, describe_all, wanted
from harness.trial.plan import Setup
from infrastructure.processes.folder import is_live, spool_of
from infrastructure.root import ROOT

SESSION = """
import signal
import sys
from pathlib import Path
from harness.experiment.cleanup import guarded
from harness.trial.steps import run_trial
from tests.conftest import TINY, make_plan
from tests.integration.trial.session import small_setup
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
setup = small_setup(*sys.argv[2:])
with guarded(setup.database):
    run_trial(setup, make_plan(setup, "throughput"))
    from dataclasses import replace
    plan = replace(make_plan(setup, "throughput", size=replace(TINY, tasks=int(sys.argv[1]))),
                   trial_id=setup.experiment.experiment_id + "-002")
    run_trial(setup, plan)
"""


def small_setup(place: str, framework: str, executable: str) -> Setup:
    """A bench of a slow stub, or of a framework, for a session in a process of its own."""
    from infrastructure.brokers import BrokerChoice

    database, python = Path(place), "{}.{}".format(*sys.version_info)
    pinned = read_matrix().frameworks[framework]
    broker = BrokerChoice(pinned.brokers[0], "embedded")
    slow = {"service_us": 20_000} if framework == "stub" else {}
    arm = Arm(framework, pinned.versions[0], python, executable, broker, "matched", slow)
    described = describe_all(arm, [wanted("throughput", {})])
    return Setup(database, new_experiment("bench", "tiny", 7, {}), arm, described, database.parent)


def start_session(
    database: Path, framework: str = "stub", executable: str = sys.executable, tasks: int = 400
) -> subprocess.Popen[bytes]:
    """``tasks``: of its second trial."""
    return subprocess.Popen(
        [sys.executable, "-c", SESSION, str(tasks), str(database), framework, executable],
        cwd=ROOT,
        start_new_session=True,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def second_trial_under_load(database: Path) -> bool:
    return any(spool_of(database).glob("*-002/records/gate-2.open"))


def children_of_trial(database: Path) -> list[int]:
    (sessions,) = spool_of(database).glob("*-002/sessions")
    return [int(line.split()[0]) for line in sessions.read_text().splitlines()]


def is_guard(process: psutil.Process) -> bool:
    return "infrastructure.processes.guard" in process.cmdline()


def is_running(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return is_live(psutil.Process(pid))
    return False
