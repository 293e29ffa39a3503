"""The choice of a broker: each has a name, a server that can be got, and one first look."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from infrastructure import brokers
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import UsageError
from infrastructure.names import NAMES
from infrastructure.processes.folder import TrialFolder
from infrastructure.servers import free_port


def test_the_brokers_one_can_name_are_those_there_are() -> None:
    for name in NAMES:
        brokers.service(name)


@pytest.mark.parametrize("broker", NAMES)
def test_a_server_that_is_missing_is_got_by_the_same_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, broker: str
) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    monkeypatch.setattr("infrastructure.postgresql.program.DEBIAN", tmp_path)
    monkeypatch.setattr("infrastructure.sqs.program.HOME", tmp_path)
    offered = brokers.service(broker)
    with pytest.raises(UsageError) as refused:
        offered.find(offered.PROVIDERS[-1])
    assert f"nox -s infra -- install {broker}" in str(refused.value)
    assert "apt-get" not in str(refused.value)


@pytest.mark.parametrize(
    ("broker", "url"),
    [
        ("redis", "redis://:hidden@{}/0"),
        ("rabbitmq", "amqp://u:hidden@{}/v"),
        ("sqs", "http://KEY:hidden@{}"),
    ],
)
def test_an_unreachable_server_is_refused_without_its_secret(broker: str, url: str) -> None:
    place = f"127.0.0.1:{free_port()}"
    with pytest.raises(UsageError, match="cannot use this server") as refused:
        BrokerChoice(broker, "url", url.format(place)).settled()
    assert place in str(refused.value)
    assert "hidden" not in str(refused.value)


FORMS = {
    "redis": "not an address of the form redis://HOST",
    "rabbitmq": "not an address of RabbitMQ",
    "sqs": "which reads https://KEY",
}


@pytest.mark.parametrize(
    ("broker", "url"),
    [
        ("redis", ""),
        ("redis", "amqp://u:hidden@h"),
        ("redis", "redis://:hid/den@h"),
        ("redis", "redis://:1/hid@h"),
        ("redis", "redis://:hidden@h:port"),
        ("redis", "redis://:hidden@h/0?socket_timeout=hidden"),
        ("rabbitmq", ""),
        ("rabbitmq", "redis://h/0"),
        ("rabbitmq", "amqp:///v"),
        ("rabbitmq", "amqp://u:hidden@h:port/v"),
        ("sqs", ""),
        ("sqs", "redis://127.0.0.1"),
        ("sqs", "http://"),
        ("sqs", "http://K:hid/den@host"),
        ("sqs", "http://K:1/hid@host"),
        ("sqs", "http://K:1?hid@h"),
    ],
)
def test_an_address_of_another_form_is_refused_without_its_secret(broker: str, url: str) -> None:
    with pytest.raises(UsageError, match=FORMS[broker]) as refused:
        BrokerChoice(broker, "url", url).settled()
    assert "hid" not in str(refused.value)


class Named:
    """A service whose queues are known by name only; keeps how it was asked."""

    BY_NAME = True

    def __init__(self) -> None:
        self.asked: list[tuple[bool, list[str]]] = []

    def connect(
        self, _url: str, keys: list[str], *, flush: bool, known: Sequence[str] = ()
    ) -> list[str]:
        self.asked.append((flush, [key for key in keys if key not in known]))
        return keys


def test_each_queue_is_emptied_at_its_first_look_only(
    monkeypatch: pytest.MonkeyPatch, folder: TrialFolder
) -> None:
    """Whatever arm looked: two of one server have choices of their own."""
    named = Named()
    monkeypatch.setattr(brokers, "service", lambda _name: named)
    monkeypatch.setattr(brokers, "KNOWN", set())
    for keys in (["q"], ["q", "urgent"], ["q", "urgent"]):
        BrokerChoice("named", "url", "there", yes_flush=True).start(folder, {}, keys)
    BrokerChoice("named", "url", "elsewhere", yes_flush=True).start(folder, {}, ["q"])
    BrokerChoice("named", "url", "elsewhere").start(folder, {}, ["other"])
    assert named.asked == [
        (True, ["q"]),
        (True, ["urgent"]),
        (True, []),
        (True, ["q"]),
        (False, ["other"]),
    ]
