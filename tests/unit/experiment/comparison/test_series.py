"""A version series: the step is named, and no other."""

import json
from pathlib import Path

import numpy as np

from harness.experiment.comparison.comparison import Key
from harness.experiment.comparison.conclude import FailOn, conclude
from tests.conftest import Query
from tests.unit.experiment.comparison.made import Maker, Played, store_blocks


def test_a_version_series_names_the_step_and_no_other(
    make: Maker, query: Query, tmp_path: Path
) -> None:
    noise = np.random.default_rng(4)
    level = {1: 100, 2: 100, 3: 150, 4: 151}

    def value(arm: int, block: int, _: Key) -> float:
        return level[arm] * (1 + 0.1 * block) * float(noise.normal(1, 0.01))

    comparison = make(lambda *_: Played(100.0), blocks=8, arms=4, command="regress")
    store_blocks(comparison, range(1, 9), value)
    conclude(comparison, tmp_path, FailOn.REGRESSION)
    ((before, after, ratio, p),) = query("SELECT before, after, ratio, p FROM change_point")
    assert (before, after) == ("v2", "v3")
    assert 1.45 < ratio < 1.55
    assert p <= 0.05
    (candidate,) = json.loads((tmp_path / "verdicts.json").read_text())["change_points"]
    assert "±1 version" in candidate["sentence"]
    assert "over 1 metric)" in candidate["sentence"]
    assert candidate["sentence"] in (tmp_path / "verdicts.md").read_text()
