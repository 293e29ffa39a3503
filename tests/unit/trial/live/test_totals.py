"""From records to sojourn times."""

from typing import Any

import numpy as np

from harness.measure.layouts import RUN_TYPE, SEND_TYPE, Array
from harness.trial.live.totals import BUCKETS_S, Sojourns
from tests.scraped import MS, runs, sends


def none(dtype: Any) -> Array:
    return np.empty(0, dtype)


def test_a_sojourn_is_given_once_when_both_its_records_are_there() -> None:
    sojourns = Sojourns()
    assert sojourns.add(sends("load", [0, 1], [10, 20]), none(RUN_TYPE)).tolist() == []
    assert sojourns.add(none(SEND_TYPE), runs("load", [0], [15])).tolist() == [5 * MS]
    late = sojourns.add(none(SEND_TYPE), runs("load", [5000, 0], [99, 98]))  # unsent, and repeated
    assert late.tolist() == []
    assert sojourns.add(sends("load", [5000], [90]), none(RUN_TYPE)).tolist() == [9 * MS]
    assert sojourns.add(none(SEND_TYPE), runs("load", [1], [50])).tolist() == [30 * MS]


def test_the_first_success_of_the_load_counts() -> None:
    sojourns = Sojourns()
    sojourns.add(sends("load", [0], [0]), none(RUN_TYPE))
    failed = runs("load", [0], [1], outcome=1)
    warm = runs("warmup", [0], [2])
    assert sojourns.add(none(SEND_TYPE), np.concatenate([failed, warm])).tolist() == []
    twice = runs("load", [0, 0], [7, 4])
    assert sojourns.add(none(SEND_TYPE), twice).tolist() == [4 * MS]


def test_buckets_go_from_a_millisecond_to_a_minute() -> None:
    assert (BUCKETS_S[0], BUCKETS_S[-1]) == (0.001, 60.0)
    assert sorted(set(BUCKETS_S)) == list(BUCKETS_S)
