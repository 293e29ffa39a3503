"""Every broker's module offers what the harness asks of one; mypy holds the lists to it, too."""

import inspect
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, get_type_hints

import pytest

from infrastructure import mysql, postgresql, rabbitmq, redis, sqs
from infrastructure.brokers import service
from infrastructure.names import NAMES
from infrastructure.service import Broker, Service, ServiceByName
from infrastructure.stub import StubBroker

SERVICES: list[Service] = [redis, postgresql, mysql, rabbitmq, sqs]
SERVICES_BY_NAME: list[ServiceByName] = [rabbitmq, sqs]
BROKERS: list[type[Broker]] = [
    *(get_type_hints(offered.start_server)["return"] for offered in SERVICES),
    StubBroker,
]


def functions(protocol: type) -> dict[str, Callable[..., Any]]:
    return {
        name: function
        for each in reversed(protocol.__mro__)
        for name, function in vars(each).items()
        if inspect.isfunction(function) and not name.startswith("_")
    }


def parameters(function: Callable[..., Any]) -> list[tuple[str, Any, Any]]:
    """Name, kind and default of each, whoever it is bound to."""
    found = inspect.signature(function).parameters.values()
    return [(p.name, p.kind, p.default) for p in found if p.name != "self"]


def complaints(offered: object, protocol: type) -> Iterator[str]:
    """What the offered one lacks, or takes otherwise."""
    for name, wanted in functions(protocol).items():
        own = getattr(offered, name, None)
        if own is None:
            yield f"no {name}"
        elif parameters(own) != parameters(wanted):
            yield f"{name}{inspect.signature(own)}, not {inspect.signature(wanted)}"
    constants = [n for n, v in vars(protocol).items() if isinstance(v, property)]
    yield from (f"no {name}" for name in constants if not hasattr(offered, name))


@pytest.mark.parametrize("name", NAMES)
def test_a_broker_s_module_is_a_service(name: str) -> None:
    offered = service(name)
    assert offered in SERVICES
    assert (offered in SERVICES_BY_NAME) == offered.BY_NAME
    assert list(complaints(offered, ServiceByName if offered.BY_NAME else Service)) == []


@pytest.mark.parametrize("kind", BROKERS, ids=lambda kind: kind.__name__)
def test_what_a_service_starts_is_a_broker(kind: type[Broker]) -> None:
    assert list(complaints(kind, Broker)) == []


def test_a_module_that_is_none_is_told_what_it_lacks() -> None:
    wrong = ModuleType("wrong")
    vars(wrong).update({**vars(redis), "find": lambda: "redis-server", "RELAXED": {}})
    del wrong.program_version, wrong.URL
    assert list(complaints(wrong, Service)) == [
        "find(), not (self, provider: str) -> str",
        "no program_version",
        "no URL",
    ]
    assert [said.partition("(")[0] for said in complaints(redis, ServiceByName)] == ["connect"]
