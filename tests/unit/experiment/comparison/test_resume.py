"""A killed comparison goes on where it was, on the same ground only."""

import re

import pytest

from harness.experiment.comparison.resume import take_over
from harness.experiment.comparison.run import run
from infrastructure.errors import UsageError
from tests.conftest import Query
from tests.unit.experiment.comparison.made import Maker, Played


def test_a_killed_comparison_goes_on_where_it_was(make: Maker, query: Query) -> None:
    def killed(arm: int, block: int) -> Played:
        if (arm, block) == (2, 4):
            raise KeyboardInterrupt
        return Played(100.0 + block)

    comparison = make(killed, blocks=6)
    with pytest.raises(KeyboardInterrupt):
        run(comparison)
    again = make(lambda _, block: Played(100.0 + block), blocks=6)
    done = take_over(again, comparison.id)
    assert set(done) <= {1, 2, 3}
    run(again, done)
    assert query("SELECT count(*), count(DISTINCT block) FROM trial WHERE purpose = 'measure'") == [
        (12, 6)
    ]
    with pytest.raises(UsageError, match="nothing is missing of 6 blocks"):
        take_over(again, comparison.id)


def test_it_does_not_go_on_where_something_changed(make: Maker) -> None:
    comparison = make(lambda *_: Played(100.0), blocks=2)
    run(comparison)
    ground = comparison.experiment["harness_commit"]
    again = make(lambda *_: Played(100.0), blocks=3)
    again.experiment["harness_commit"] = "another"
    with pytest.raises(UsageError, match=f"harness_commit: {re.escape(ground)} then, another now"):
        take_over(again, comparison.id)
