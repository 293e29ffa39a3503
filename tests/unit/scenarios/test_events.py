"""Delivery of events."""

import numpy as np

from harness.measure.heard import Heard
from harness.measure.layouts import RUN_TYPE
from scenarios.events import delivery


def test_delivery_is_from_the_stamp_that_an_event_is_about() -> None:
    runs = np.zeros(2, RUN_TYPE)
    runs["seq"], runs["start"], runs["end"] = [3, 5], [100, 200], [150, 250]
    heard = Heard(np.array([3, 3, 5, 9]), np.array([0, 1, 1, 0]), np.array([110, 170, 300, 1]), 0)
    assert delivery(heard, runs).tolist() == [10, 20, 50]  # nobody knows of a task 9
