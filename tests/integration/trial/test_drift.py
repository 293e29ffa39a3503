"""A host whose clock drifts: real processes, a known drift, and a sojourn that must come out right.

Their clock is the kernel's, bent by a library that is preloaded into them (``drift.c``): a time
namespace shifts a clock and cannot make it drift.
"""

import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.measure.clocks import Ping, estimate
from harness.trial.cell import Arm
from harness.trial.steps import run_trial
from harness.trial.timekeeper import start_clock
from infrastructure.hosts.host import LOOPBACK, Host, Places
from infrastructure.processes.folder import TrialFolder
from tests.conftest import Query, make_plan, missing
from tests.integration.trials import sound

SOURCE = Path(__file__).parents[1] / "drift.c"
DRIFT = 900e-6  # crystals are off by less than a ninth of it, a slewed clock by 500
BEGAN_S = 500  # before the test: its clock is 0.45 s ahead now
SERVICE_S = 0.01


class Drifting:
    """A host of this machine, without a network of its own. ``begin_ns``: when its clock was
    right.
    """

    def __init__(self, library: Path) -> None:
        self.begin_ns = time.monotonic_ns() - BEGAN_S * 10**9
        own = [f"LD_PRELOAD={library}", f"DRIFT_BEGIN_NS={self.begin_ns}", f"DRIFT={DRIFT}"]
        self.host = Host("drifting", LOOPBACK, ("env", *own))

    def shows(self, here_ns: int) -> int:
        return here_ns + round((here_ns - self.begin_ns) * DRIFT)


@pytest.fixture
def drifting(tmp_path: Path) -> Drifting:
    compiler = shutil.which("cc")
    if compiler is None:
        missing("a C compiler, cc,")
    library = tmp_path / "drift.so"
    subprocess.run([str(compiler), "-shared", "-fPIC", "-O2", "-o", library, SOURCE], check=True)
    return Drifting(library)


def test_a_drift_is_found_within_the_bound_at_both_ends(
    drifting: Drifting, folder: TrialFolder
) -> None:
    child, pinger = start_clock(folder, drifting.host)
    pings = []
    for _ in range(10):
        pings += [Ping(*pinger.ping()) for _ in range(20)]
        time.sleep(0.2)
    pinger.close()
    child.stop()
    begin, end = pings[0].sent, pings[-1].back
    clock = estimate(pings, begin, end)
    assert clock.bound_ns < 10**6
    for at in (begin, (begin + end) // 2, end):
        assert abs(clock.there(at) - drifting.shows(at)) <= clock.bound_ns + 1
    assert abs(clock.drift - DRIFT) <= 2 * clock.bound_ns / (end - begin) < DRIFT


def test_the_sojourn_of_tasks_whose_worker_has_such_a_clock_is_right(
    drifting: Drifting, make_arm: Callable[..., Arm], make_setup: Callable[..., Any], query: Query
) -> None:
    """As its clock shows them, they would take 0.46 s, and 3 ms longer at the end than before."""
    arm = replace(
        make_arm(service_us=round(SERVICE_S * 1e6)), places=Places(workers=(drifting.host,))
    )
    setup = make_setup(arm)
    options = {"count": 200}  # in 4.4 s
    plan = make_plan(setup, "latency", fraction=0.3, capacity=150.0, options=options)
    found = sound(run_trial(setup, plan))
    bound_s = found["clock_bound"] / 1e6
    assert 0 < bound_s < 0.001
    ((words,),) = query("SELECT value FROM environment WHERE name = 'clock_of_drifting'")
    assert words.startswith("+0.45")
    assert float(words.partition("drift ")[2].partition(" ppm")[0]) == pytest.approx(900, abs=100)
    tasks = query("SELECT intended_ns, send_ns, start_ns, end_ns FROM task_record ORDER BY send_ns")
    least_s = min(end - intended for intended, _, _, end in tasks) / 1e9
    assert SERVICE_S - bound_s <= least_s < SERVICE_S + 0.1
    waits = [start - send for _, send, start, _ in tasks]
    third = len(waits) // 3
    grown_s = (min(waits[-third:]) - min(waits[:third])) / 1e9
    assert abs(grown_s) < 0.0012  # it would be 2.6 ms
