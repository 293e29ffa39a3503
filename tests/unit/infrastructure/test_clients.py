"""What clients of servers of ours do not take from whoever starts us."""

from pathlib import Path

import pytest

from infrastructure import brokers
from infrastructure.brokers import BrokerChoice
from infrastructure.clients import NOTHING, client_settings
from infrastructure.errors import UsageError
from infrastructure.processes.child import cell_environment

THEIRS = {"PGHOSTADDR": "192.0.2.1", "AWS_PROFILE": "none", "MYSQL_PWD": "x", "PGSERVICE": "s"}


@pytest.fixture(autouse=True)
def theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NOTHING:
        monkeypatch.setenv(name, "/theirs")  # put back afterwards, as the next ones
    for name, value in THEIRS.items():
        monkeypatch.setenv(name, value)


def test_a_given_server_keeps_them() -> None:
    with pytest.raises(UsageError):
        BrokerChoice("redis", "url", "redis://127.0.0.1:1/0").settled()
    assert THEIRS.items() <= cell_environment(Path(), 0).items()


def test_a_server_of_ours_is_used_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(*_: str) -> str:
        raise UsageError("not here")

    monkeypatch.setattr(brokers, "find", find)
    with pytest.raises(UsageError):
        BrokerChoice("redis", "embedded").settled()
    assert client_settings() == NOTHING
    assert not THEIRS.keys() & cell_environment(Path(), 0).keys()
