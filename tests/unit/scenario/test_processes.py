"""Which process is said to have ended, when several have."""

from types import SimpleNamespace
from typing import Any

import pytest

from harness.scenario.processes import Processes
from infrastructure.errors import TrialFailed


def ended(role: str) -> Any:
    return SimpleNamespace(alive=lambda: False, died=lambda: f"the {role} process ended")


def test_a_broker_that_died_is_named_before_the_workers_that_ended_with_it() -> None:
    def check() -> None:
        raise TrialFailed("the workers process ended")

    broker: Any = SimpleNamespace(process=ended("broker"))
    workers: Any = SimpleNamespace(check=check, children=[])
    with pytest.raises(TrialFailed, match="the broker process ended"):
        Processes(broker, workers, [ended("producer")]).check_alive()
