"""Costs of the harness that are measured on processes of its own."""

from pathlib import Path

from harness.prove.selfbench.api import RATE, api_cost
from harness.prove.selfbench.probe import clock_violations
from harness.prove.selfbench.session import SelfbenchSession, Sizes


def test_what_a_request_costs_is_measured(tmp_path: Path) -> None:
    """One that cost more than 1/rate would be more than a core has."""
    session = SelfbenchSession(tmp_path, [], Sizes(requests=1_000), 1)
    api_cost(session)
    (found,) = session.metrics
    assert (found.name, found.unit) == ("api_cpu_per_request", "us")
    assert 0 < found.value < 1e6 / RATE


def test_clocks_of_two_processes_agree(tmp_path: Path) -> None:
    session = SelfbenchSession(tmp_path, [], Sizes(ping_pongs=200), 1)
    clock_violations(session)
    assert session.found("clock_violations") == 0
