"""Orders as tasks."""

import numpy as np

from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.records import Records
from scenarios.pipeline import as_tasks


def test_an_order_is_a_task_from_its_first_to_its_last_step() -> None:
    sends, runs = np.zeros(8, SEND_TYPE), np.zeros(9, RUN_TYPE)
    sends["seq"], sends["intended"] = np.arange(8), np.arange(8) * 10
    runs["seq"] = [0, 1, 1, 2, 3, 4, 5, 6, 6]
    runs["outcome"] = [0, 1, 0, 0, 0, 0, 0, 0, 0]  # the charge of order 0 was refused once
    runs["start"], runs["end"] = np.arange(9) * 100, np.arange(9) * 100 + 50
    whole = as_tasks(Records(sends, runs))
    assert whole.sends["seq"].tolist() == [0, 1]
    assert whole.sends["intended"].tolist() == [0, 40]
    # Order 1 never came to its last step.
    assert [(r["seq"], r["start"], r["end"]) for r in whole.runs] == [(0, 0, 450)]
