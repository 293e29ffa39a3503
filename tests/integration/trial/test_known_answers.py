"""The known-answer tests: the stub on the path of the real frameworks, its answers in closed form.

Virtual time: worker, socket, record files, accounting and metrics are the real ones; only the
waiting is replaced by arithmetic, so the answers do not depend on the machine.

M/D/1 at half load and a queue that stalls are checks of ``validate``, which
``tests/integration/prove/test_validate.py`` carries out.
"""

from dataclasses import replace

import pytest

from tests.conftest import TINY, Query
from tests.integration.trials import MakeArm, Trial

VIRTUAL = {"clock": "virtual", "service_us": 1000, "processes": 1}
SERVICE_MS = 1.0


def within(value: float, expected: float, share: float = 0.02) -> bool:
    return abs(value / expected - 1) <= share


def test_md1_mean_wait_and_littles_law(make_arm: MakeArm, trial: Trial) -> None:
    """M/D/1: mean wait = rho S / (2 (1 - rho)); Little: mean in system = rate × mean sojourn."""
    load = 0.3
    options = {"clock": "virtual", "count": 40_000}
    outcome = trial(make_arm(**VIRTUAL), "latency", fraction=load, capacity=1000.0, options=options)
    assert outcome.status == "ok", outcome.reason
    expected = load * SERVICE_MS / (2 * (1 - load))
    metrics = outcome.metrics
    assert within(metrics["wait_mean"], expected), (metrics["wait_mean"], expected)
    little = load * 1000 * metrics["sojourn_mean"] / 1000
    assert within(metrics["mean_in_system"], little), (metrics["mean_in_system"], little)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"drop_every": 1000}, {"lost": 3, "completed_once": 2997}),
        ({"duplicate_every": 1000}, {"duplicated": 3, "completed_once": 2997}),
        ({"fail_every": 1000}, {"failed": 3, "completed_once": 2997}),
    ],
)
def test_mutants_are_reported_exactly(
    make_arm: MakeArm, trial: Trial, query: Query, options: dict[str, int], expected: dict[str, int]
) -> None:
    outcome = trial(make_arm(**options), "throughput", size=replace(TINY, tasks=3000))
    fates = {"lost": 0, "duplicated": 0, "failed": 0, "unknown": 0, "completed_once": 3000}
    fates |= expected
    assert {name: outcome.metrics[name] for name in fates} == fates
    (guilty,) = set(expected) - {"completed_once"}
    assert outcome.status == "invalid"
    assert f"{guilty}: 3 of 3000 tasks" in outcome.reason
    seqs = {"lost": "outcome = 'lost'", "duplicated": "attempt = 2", "failed": "outcome = 'failed'"}
    assert query(f"SELECT seq FROM task_record WHERE {seqs[guilty]} ORDER BY seq") == [
        (999,),
        (1999,),
        (2999,),
    ]


def test_swapped_tasks_are_counted(make_arm: MakeArm, trial: Trial) -> None:
    outcome = trial(make_arm(swap_every=100, processes=1), "throughput")
    assert outcome.metrics["completed_once"] == 600
    assert outcome.metrics["inversions"] == 6
    assert trial_is_orderly(trial, make_arm)


def trial_is_orderly(trial: Trial, make_arm: MakeArm) -> bool:
    """Without the defect one worker keeps the order: the count above is the defect's."""
    return trial(make_arm(processes=1), "throughput").metrics["inversions"] == 0


def test_a_stated_service_time_is_measured(make_arm: MakeArm, trial: Trial) -> None:
    """5 ms a task: no attempt may be recorded shorter, whatever else the machine does."""
    outcome = trial(make_arm(service_us=5000), "throughput", size=replace(TINY, tasks=100))
    assert outcome.metrics["service_p50"] >= 5.0
    assert outcome.metrics["makespan"] >= 100 * 0.005 / 2
