"""Workers of a cluster by the names of --place."""

from typing import Any

import pytest

from harness.experiment.cluster.hosts import address_of, own_address
from infrastructure.errors import UsageError

WORKERS: dict[str, dict[str, Any]] = {
    "tcp://10.0.0.2:1": {"name": "b", "resources": {"broker": 1}},
    "tcp://10.0.0.3:1": {"name": "tcp://10.0.0.3:1"},
}


def test_a_worker_is_known_by_its_name_or_by_what_it_has() -> None:
    assert address_of("b", WORKERS) == address_of("resource:broker", WORKERS) == "tcp://10.0.0.2:1"
    assert address_of("10.0.0.3:1", WORKERS) == "tcp://10.0.0.3:1"


@pytest.mark.parametrize("name", ["c", "resource:worker", "broker"])
def test_one_that_is_not_there_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(UsageError, match=f"no worker {name} in the cluster; there are: b, 10.0.0"):
        address_of(name, WORKERS)


def test_the_own_address_is_the_one_on_the_way() -> None:
    assert own_address("127.0.0.1") == "127.0.0.1"
