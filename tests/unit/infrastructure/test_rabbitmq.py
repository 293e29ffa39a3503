"""RabbitMQ: which addresses and programs are refused."""

import shutil
from pathlib import Path

import pytest

from infrastructure.brokers import BrokerChoice
from infrastructure.errors import UsageError
from infrastructure.rabbitmq import program
from infrastructure.rabbitmq.address import Address

NATIVE = BrokerChoice("rabbitmq", "native")


def test_no_server_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name, **_more: None)
    with pytest.raises(UsageError, match=r"no epmd.*nox -s infra -- install rabbitmq"):
        NATIVE.settled()
    monkeypatch.setattr(program, "epmd_program", lambda: "/usr/bin/epmd")
    with pytest.raises(UsageError, match=r"no rabbitmq-server.*nox -s infra -- install rabbitmq"):
        NATIVE.settled()


def test_a_layout_that_is_not_known_is_a_usage_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(program, "epmd_program", lambda: "/usr/bin/epmd")
    monkeypatch.setattr(program, "DEBIAN", tmp_path / "none")
    monkeypatch.setattr(shutil, "which", lambda _name, **_more: str(tmp_path / "rabbitmq-server"))
    with pytest.raises(UsageError, match=r"not a layout.*nox -s infra -- install rabbitmq"):
        NATIVE.settled()


def test_there_is_no_relaxed_variant() -> None:
    with pytest.raises(UsageError, match="no such variant"):
        BrokerChoice("rabbitmq", "native", relaxed=True).settled()


@pytest.mark.parametrize(
    ("url", "port", "user", "password", "vhost", "text"),
    [
        ("amqp://h", 5672, "guest", "guest", "/", "h:5672/%2F"),
        ("amqp://u:p%40@h:1/%2F", 1, "u", "p@", "/", "h:1/%2F"),
        ("amqps://u:p@h/v", 5671, "u", "p", "v", "h:5671/v"),
    ],
)
def test_an_address_is_read(
    url: str, port: int, user: str, password: str, vhost: str, text: str
) -> None:
    read = Address.of(url)
    assert (read.host, read.port, read.user) == ("h", port, user)
    assert (read.password, read.vhost, str(read)) == (password, vhost, text)
    assert read.encrypted == url.startswith("amqps")
