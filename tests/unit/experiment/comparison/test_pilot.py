"""A pilot sizes the experiment and its warm-up, and is thrown away."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from harness.cli.progress import TrialProgress
from harness.experiment.comparison import pilot
from harness.experiment.comparison.blocks import one_load
from harness.experiment.comparison.comparison import Key
from harness.experiment.comparison.measured import read_measured
from harness.experiment.comparison.pilot import longest_warm_up
from harness.experiment.comparison.run import run
from harness.scenario.catalogue import load_scenario
from harness.store.database import open_database
from harness.store.vocabulary import Purpose
from tests.conftest import Query
from tests.unit.experiment.comparison.made import Maker, Played


def test_a_pilot_sizes_the_experiment_and_is_thrown_away(make: Maker, query: Query) -> None:
    noise = iter(np.random.default_rng(3).normal(1, 0.01, 1000).tolist())
    comparison = make(lambda *_: Played(100 * next(noise)), blocks=15)
    run(comparison, pilot=True)
    assert 10 <= comparison.blocks <= 30
    assert query("SELECT count(*) FROM trial WHERE purpose = 'pilot'") == [(10,)]
    found = read_measured(comparison, Purpose.MEASURE)
    assert len(found.of(Key("throughput", "", "drain_rate"))) <= comparison.blocks


def test_a_pilot_asks_for_as_many_blocks_as_find_something(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However little the blocks scatter."""
    scenarios = [load_scenario("throughput"), load_scenario("latency")]
    comparison = make.comparison(scenarios, 15, 4, "regress")
    machines: Any = None
    for name, found in (("run_pilot", None), ("asked_by_spread", [3]), ("longest_warm_up", 0.5)):
        monkeypatch.setattr(pilot, name, lambda *_, found=found: found)
    pilot.size_by_pilot(comparison, machines)
    assert comparison.blocks == comparison.least_blocks == 11


def test_a_pilot_finds_the_warm_up_of_the_slowest_arm(make: Maker, database: Path) -> None:
    """Arm 2 completes half as much in its first 6 bins of 12: 1.5 times that long, for all."""
    comparison = make(lambda *_: Played(100.0))
    least, width = 0.4, 0.1
    with TrialProgress(Console(quiet=True), []) as progress:
        for arm in (0, 1):
            one_load(comparison, ("throughput", ""), 1, [arm], Purpose.PILOT, progress)
    with open_database(database) as connection:
        trials = connection.execute("SELECT trial_id FROM trial ORDER BY arm_number").fetchall()
        for (trial_id,), slow_bins in zip(trials, (0, 6), strict=True):
            rows = warmup(trial_id, slow_bins, width)
            connection.executemany(
                f"INSERT INTO warmup_record VALUES ({', '.join('?' * 12)})", rows
            )
    assert longest_warm_up(comparison, least) == pytest.approx(1.5 * 6 * width)


def warmup(trial_id: str, slow_bins: int, width: float) -> list[tuple[Any, ...]]:
    """Records of 25 bins: 8 tasks in each, half as many in the first."""
    times = [
        round((b + (i + 0.5) / n) * width * 1e9)
        for b in range(25)
        for n in [4 if b < slow_bins else 8]
        for i in range(n)
    ]
    return [
        (trial_id, "warmup", i, 1, "noop", t, 0, t, t, t + 1000, 1, "ok")
        for i, t in enumerate(times)
    ]
