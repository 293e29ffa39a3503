"""From records to rows."""

import numpy as np
import pytest

from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.records import Records
from harness.trial.records import record_table


@pytest.mark.parametrize("layout", ["sends", "runs"])
def test_rows_of_nothing_are_no_rows(layout: str) -> None:
    empty = Records(np.empty(0, SEND_TYPE), np.empty(0, RUN_TYPE))
    assert layout
    assert record_table("t", empty).num_rows == 0


def test_rows_hold_every_attempt_every_loss_and_every_stranger() -> None:
    sends = np.array([(s, 10, 11, 12, 0, 0, 1) for s in (0, 1, 2)], SEND_TYPE)
    runs = np.array(
        [(0, 20, 21, 0, 1, 7), (0, 30, 31, 0, 0, 8), (2, 22, 23, 0, 0, 7), (9, 24, 25, 0, 0, 7)],
        RUN_TYPE,
    )
    table = record_table("t", Records(sends, runs)).to_pylist()
    kept = [(r["seq"], r["attempt"], r["outcome"], r["send_ns"], r["end_ns"]) for r in table]
    assert kept == [
        (0, 1, "failed", 11, 21),
        (0, 2, "ok", 11, 31),
        (2, 1, "ok", 11, 23),
        (9, 1, "unknown", None, 25),
        (1, 0, "lost", 11, None),
    ]
