"""Latencies that cross hosts, and how well they are known."""

import pytest

from harness.measure.crossing import withheld
from harness.measure.metrics import Metric


def test_a_latency_that_crosses_hosts_is_withheld_where_clocks_are_not_known_well() -> None:
    metrics = [
        Metric("sojourn_p50", 0.4, "ms"),
        Metric("sojourn_p99", 0.41, "ms"),
        Metric("wait_p50", 0.39, "ms"),
        Metric("enqueue_p50", 0.01, "ms"),
        Metric("drain_rate", 0.1, "tasks/s"),
    ]
    kept, (said,) = withheld(metrics, 20_001)
    assert [m.name for m in kept] == ["sojourn_p99", "enqueue_p50", "drain_rate"]
    assert said == (
        "withheld: sojourn_p50, wait_p50. Clocks of two hosts are known to ± 0.020 ms, which is "
        "more than 5 % of the figure"
    )
    assert withheld(metrics, 19_000) == (metrics, [])


def test_a_slope_below_zero_is_no_latency_that_clocks_could_hide() -> None:
    metrics = [Metric("sojourn_p50_slope_low", -0.1, "ms/h"), Metric("sojourn_p50", 51.0, "ms")]
    assert withheld(metrics, 0) == (metrics, [])
    assert withheld(metrics, 20_000) == (metrics, [])


@pytest.mark.parametrize(("p99", "kept"), [(199.97, True), (199.99, False), (200.01, False)])
def test_whether_an_objective_held_is_withheld_where_clocks_may_decide_it(
    p99: float, *, kept: bool
) -> None:
    metrics = [
        Metric("sojourn_p99", p99, "ms"),
        Metric("slo", 200.0, "ms"),
        Metric("slo_passed", float(p99 <= 200), "1"),
    ]
    found, said = withheld(metrics, 20_000)
    assert (found == metrics) is kept
    words = "withheld: slo_passed. Clocks of two hosts are known to ± 0.020 ms, and p99 is as near "
    assert said == ([] if kept else [f"{words}to the objective"])
    assert withheld([Metric("sojourn_p99", 200.0, "ms"), *metrics[1:]], 0)[1] == []
