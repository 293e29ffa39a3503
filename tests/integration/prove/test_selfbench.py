"""Costs of the harness that are measured on processes of its own."""

from pathlib import Path

from harness.prove.selfbench import API_RATE, Selfbench, Sizes


def test_what_a_request_costs_is_measured(tmp_path: Path) -> None:
    """One that cost more than 1/rate would be more than a core has."""
    bench = Selfbench(tmp_path, [], Sizes(requests=1_000), 1)
    bench.api_cost()
    (found,) = bench.metrics
    assert (found.name, found.unit) == ("api_cpu_per_request", "us")
    assert 0 < found.value < 1e6 / API_RATE
