"""A comparison on the stub, the whole way: facts are asserted, never speeds."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.experiment.cleanup import guarded
from harness.experiment.comparison.comparison import Comparison, Pair
from harness.experiment.comparison.conclude import FailOn, conclude
from harness.experiment.comparison.run import run
from harness.experiment.redo import Redo
from harness.scenario.catalogue import load_scenario
from harness.trial.cell import Arm
from harness.trial.plan import Setup
from tests.conftest import TINY, Query


@pytest.mark.parametrize("slow_us", [pytest.param(200, marks=pytest.mark.matrix), 1000])
def test_end_to_end_on_the_stub(
    make_arm: Callable[..., Arm],
    make_setup: Callable[[Arm], Setup],
    database: Path,
    slow_us: int,
    tmp_path: Path,
    query: Query,
) -> None:
    """Equal arms are not apart by the margin; five times the service time is found, with as few
    blocks as can find anything among three claims. Service is in virtual time, so that neither
    hangs on what the machine does meanwhile, and nothing is run again for it.
    """
    first = make_setup(make_arm(clock="virtual", service_us=200, processes=1))
    second = make_setup(make_arm(clock="virtual", service_us=slow_us, processes=1))
    second.experiment = first.experiment
    second.number = 2
    comparison = Comparison(
        [first, second],
        ["A", "B"],
        [Pair(1, 2)],
        {"throughput": load_scenario("throughput")},
        replace(TINY, tasks=300, warmup_s=0.1),
        7,
        None,
        first.experiment,
        database,
        redo=Redo(0),
    )
    with guarded(database):
        run(comparison)
    conclude(comparison, tmp_path / "out", FailOn.REGRESSION)
    kinds: dict[str, str] = dict(query("SELECT metric, kind FROM verdict"))
    if slow_us == 1000:
        assert kinds["drain_rate"] == "slower"
    else:
        assert kinds["drain_rate"] not in {"faster", "slower"}  # by at least the margin
    assert query("SELECT count(*) FROM trial WHERE status = 'failed'") == [(0,)]
    assert query("SELECT count(DISTINCT (block, seed)) FROM trial") == [(7,)]
