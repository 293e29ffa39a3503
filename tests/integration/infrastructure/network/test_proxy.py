"""The proxy: everything arrives, in order, and never before it may."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from infrastructure.network.link import Link, start_link
from infrastructure.processes.folder import TrialFolder

MS = 1_000_000
Connect = Callable[[float], tuple[socket.socket, socket.socket, Link]]


@pytest.fixture
def connect(folder: TrialFolder) -> Iterator[Connect]:
    """A client, and the server's end of its connection, behind a network of that round trip."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ends: list[socket.socket] = []
        links: list[Link] = []

        def made(round_trip_ms: float) -> tuple[socket.socket, socket.socket, Link]:
            url = f"tcp://127.0.0.1:{server.getsockname()[1]}"
            links.append(start_link(folder, url, round_trip_ms))
            client = socket.create_connection(("127.0.0.1", urlsplit(links[-1].url).port or 0))
            accepted, _ = server.accept()
            for end in (client, accepted):
                end.settimeout(10)
            ends.extend([client, accepted])
            return client, accepted, links[-1]

        yield made
        for end in ends:
            end.close()
        for link in links:
            link.child.stop()


def exactly(end: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count and (piece := end.recv(count - len(found))):
        found += piece
    return found


def say_all(end: socket.socket, data: bytes) -> None:
    end.sendall(data)
    end.shutdown(socket.SHUT_WR)


def test_a_round_trip_takes_what_was_asked_and_never_less(connect: Connect) -> None:
    client, server, link = connect(10.0)
    took = []
    for _ in range(20):
        begin = time.monotonic_ns()
        client.sendall(b"ping")
        assert exactly(server, 4) == b"ping"
        server.sendall(b"pong")
        assert exactly(client, 4) == b"pong"
        took.append(time.monotonic_ns() - begin)
    assert min(took) >= 10 * MS
    assert sorted(took)[5] < 20 * MS  # a machine that is busy makes some late
    passed = link.counts()
    assert (passed.connections, passed.up, passed.down) == (1, 20, 20)
    assert (passed.up_bytes, passed.down_bytes) == (80, 80)
    assert passed.late_most_ns >= passed.late_ns / 40 >= 0


def test_a_new_connection_costs_a_round_trip_more(connect: Connect) -> None:
    begin = time.monotonic_ns()
    client, server, _ = connect(40.0)
    client.sendall(b"first")
    assert exactly(server, 5) == b"first"
    assert time.monotonic_ns() - begin >= 60 * MS  # SYN, SYN-ACK, ACK


def test_much_arrives_whole_and_in_order_both_ways(connect: Connect) -> None:
    client, server, _ = connect(2.0)
    data = b"".join(number.to_bytes(4, "big") for number in range(1_500_000))  # 6 MB
    said = threading.Thread(target=say_all, args=(client, data))
    said.start()
    assert exactly(server, len(data)) == data
    assert server.recv(1) == b""  # the end of what it says arrives too, and the other way stays
    said.join()
    answer = threading.Thread(target=server.sendall, args=(data,))
    answer.start()
    assert exactly(client, len(data)) == data
    answer.join()
    server.close()
    assert client.recv(1) == b""


def test_without_a_delay_everything_passes_at_once(connect: Connect) -> None:
    client, server, link = connect(0.0)
    for number in range(100):
        client.sendall(bytes([number]))
        assert exactly(server, 1) == bytes([number])
    assert link.counts().late_ns == 0


def test_whoever_asks_for_a_broker_that_is_down_is_told(folder: TrialFolder) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    link = start_link(folder, f"tcp://127.0.0.1:{port}", 1.0)
    try:
        for _ in range(2):  # and the next one too: the proxy lives on
            with socket.create_connection(("127.0.0.1", urlsplit(link.url).port or 0)) as client:
                client.settimeout(10)
                assert client.recv(1) == b""
    finally:
        link.child.stop()
