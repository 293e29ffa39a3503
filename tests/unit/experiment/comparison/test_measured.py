"""What a comparison is judged on."""

from harness.experiment.comparison.comparison import Pair
from harness.experiment.comparison.measured import Paired, paired


def test_pairs_are_blocks_that_have_both() -> None:
    by_block = {2: {1: 20.0, 2: 40.0}, 1: {1: 10.0, 2: 30.0}, 3: {2: 1.0}}
    assert paired(by_block, Pair(1, 2)) == ([10.0, 20.0], [30.0, 40.0], ())
    assert paired(by_block, Pair(1, 2)).blocks == 2


def test_a_ratio_takes_values_above_zero() -> None:
    assert Paired([1.0, 2.0], [1.0, 0.5]).positive
    assert not Paired([1.0, 2.0], [1.0, 0.0]).positive
