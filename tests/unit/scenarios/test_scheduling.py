"""How late a retry is."""

import numpy as np

from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.records import Records
from scenarios.scheduling import late_retries


def test_a_retry_is_late_from_the_end_of_its_failure_and_back_off() -> None:
    second = 1_000_000_000
    runs = np.zeros(4, RUN_TYPE)
    runs["seq"], runs["outcome"] = [0, 0, 0, 1], [1, 1, 0, 0]
    runs["start"] = [0, 1.5 * second, 4 * second, 0]
    runs["end"] = [0.2 * second, 1.6 * second, 4.1 * second, 1]
    late = late_retries(Records(np.zeros(0, SEND_TYPE), runs))
    assert (late / second).round(3).tolist() == [0.3, 0.4]


def test_a_task_done_twice_has_no_early_retry() -> None:
    second = 1_000_000_000
    runs = np.zeros(7, RUN_TYPE)
    runs["seq"], runs["outcome"] = [0, 0, 0, 0, 1, 1, 1], [1, 1, 0, 0, 1, 1, 0]
    runs["start"] = np.array([0, 1.1, 3.2, 3.3, 0, 1.1, 3.3]) * second
    runs["end"] = runs["start"]
    late = late_retries(Records(np.zeros(0, SEND_TYPE), runs))
    assert (late / second).round(3).tolist() == [0.1, 0.2]  # those of task 1
