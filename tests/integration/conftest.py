"""Integration tests start processes: servers, workers, browsers, commands of ours."""

from pathlib import Path

import pytest

from harness.trial.cell import Arm
from tests.integration.trials import MakeArm

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.integration)


@pytest.fixture
def arm(request: pytest.FixtureRequest, on_broker: MakeArm) -> Arm:
    """Of a test ``on_pairs``: the framework on the first provider of the broker that works here."""
    return on_broker(*request.param)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing counts as lost after 3 s without a record, not after 10."""
    monkeypatch.setattr("harness.scenario.run.QUIET_S", 3.0)
