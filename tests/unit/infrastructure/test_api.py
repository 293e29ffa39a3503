"""The mock API's latency and its share of errors, without a socket and without waiting."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from infrastructure.api import ERROR, OK, Connection, Counter


class Later:
    """Stands for the event loop: keeps what is to be done, with its delay, until told."""

    def __init__(self) -> None:
        self.planned: list[tuple[float, Callable[[], None]]] = []

    def call_later(self, seconds: float, act: Callable[..., None], *arguments: Any) -> None:
        self.planned.append((seconds, lambda: act(*arguments)))

    def pass_by(self) -> None:
        for _, act in self.planned:
            act()
        self.planned.clear()


class Transport:
    """Keeps what a server wrote."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, answer: bytes) -> None:
        self.written.append(answer)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    loop = Later()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    return loop


def connect(counter: Counter) -> tuple[Connection, Transport]:
    transport: Any = Transport()
    connection = Connection(counter)
    connection.connection_made(transport)
    return connection, transport


def request(query: str) -> bytes:
    return f"GET /?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def test_an_answer_comes_after_the_latency_asked_for(later: Later) -> None:
    connection, transport = connect(Counter())
    for query in ("ms=100", "", "ms=2.5"):
        connection.data_received(request(query))
    assert [seconds for seconds, _ in later.planned] == [0.1, 0, 0.0025]
    assert transport.written == []
    later.pass_by()
    assert transport.written == [OK] * 3


def test_every_nth_request_fails_whoever_sends_it(later: Later) -> None:
    counter = Counter()
    one, other = connect(counter), connect(counter)
    for (connection, _), times in ((one, 2), (other, 3), (one, 2)):
        for _ in range(times):
            connection.data_received(request("ms=1&fail_every=3"))
    later.pass_by()
    assert one[1].written == [OK, OK, ERROR, OK]  # the sixth
    assert other[1].written == [ERROR, OK, OK]  # the third
    assert ERROR.startswith(b"HTTP/1.1 500 ")


def test_a_request_may_come_in_pieces(later: Later) -> None:
    connection, transport = connect(Counter())
    whole = request("ms=70&fail_every=1")
    for piece in (whole[:9], whole[9:14], whole[14:]):
        connection.data_received(piece)
    assert [seconds for seconds, _ in later.planned] == [0.07]
    later.pass_by()
    assert transport.written == [ERROR]


def test_a_client_that_is_gone_gets_no_answer(later: Later) -> None:
    connection, transport = connect(Counter())
    connection.data_received(request("ms=1"))
    connection.connection_lost(None)
    later.pass_by()
    assert transport.written == []
