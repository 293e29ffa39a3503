"""A known answer of queueing theory, through our reading of records."""

import math

import numpy as np
import pytest

from harness.measure.metrics import mean_in_system
from harness.measure.records import Records


def test_mm1_p99_by_the_same_code() -> None:
    """M/M/1: p99 of the sojourn time = S ln 100 / (1 - rho), through our reading of records."""
    from harness.measure.layouts import RUN_TYPE, SEND_TYPE
    from harness.measure.metrics import join

    rng, load, count = np.random.default_rng(3), 0.5, 1_000_000
    arrivals = np.cumsum(rng.exponential(1e6 / load, count))
    service = rng.exponential(1e6, count)
    ends = np.empty(count)
    free = 0.0
    for i, (arrival, work) in enumerate(zip(arrivals.tolist(), service.tolist(), strict=True)):
        free = max(arrival, free) + work
        ends[i] = free
    sends, runs = np.zeros(count, SEND_TYPE), np.zeros(count, RUN_TYPE)
    sends["seq"] = runs["seq"] = np.arange(count)
    sends["intended"] = sends["send"] = sends["ack"] = arrivals
    runs["end"], runs["start"] = ends, ends - service
    joined = join(Records(sends, runs))
    p99_ms = np.quantile(joined.sojourn, 0.99) / 1e6
    assert p99_ms == pytest.approx(math.log(100) / (1 - load), rel=0.02)
    mean_s = joined.sojourn.mean() / 1e9
    assert mean_in_system(joined, 200_000) == pytest.approx(load * 1000 * mean_s, rel=0.02)
