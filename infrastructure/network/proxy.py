"""A network of a stated delay: a TCP proxy that passes everything on in order, and later.

``python -m infrastructure.network.proxy PORT TARGET_PORT ONE_WAY_NS COUNTS``: who connects to PORT
talks to TARGET_PORT of this machine, and what either of them says arrives ONE_WAY_NS later. A new
connection costs a round trip more, as in TCP: the server sees it, and what the client said first,
three ways after the client asked for it (SYN, SYN-ACK, ACK). Nothing is lost, and bandwidth has no
limit. COUNTS is the file of ``counts.Counts``.

For machines whose kernel has no netem, and for users who are not root. One thread and one loop:
epoll(2) and asyncio wait in whole milliseconds, so the loop waits in select(2), in microseconds,
for its epoll; and it turns the kernel's slack for timers off (50 us, PR_SET_TIMERSLACK).
"""

import ctypes
import heapq
import itertools
import select
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from infrastructure.network.counts import LAYOUT, mapped

PIECE = 1 << 16
MOST_HELD = 1 << 20  # bytes that a receiver did not take yet: its sender is read no further
PR_SET_TIMERSLACK = 29
GONE = select.EPOLLHUP | select.EPOLLERR
WAYS_OF_A_HANDSHAKE = 3


@dataclass(eq=False)
class Flow:
    """One direction of a connection. ``earliest_ns``: nothing arrives before. ``held``: what
    ``target`` did not take yet. ``heard``: ``source`` has said all that it will.
    """

    source: socket.socket
    target: socket.socket
    up: bool
    earliest_ns: int
    held: bytearray = field(default_factory=bytearray)
    heard: bool = False
    closing: bool = False
    done: bool = False

    def join(self, other: "Flow") -> None:
        self.other, other.other = other, self


class Proxy:
    """Serves connections of ``listener`` until the process ends."""

    def __init__(self, listener: socket.socket, target: int, one_way_ns: int, counts: Path) -> None:
        self._listener = listener
        self._target = target
        self._one_way_ns = one_way_ns
        self._epoll = select.epoll()
        self._epoll.register(listener, select.EPOLLIN)
        self._flows: dict[int, Flow] = {}  # by the descriptor of their source
        self._watched: dict[int, int] = {}  # what is asked of epoll, by descriptor
        self._due: list[tuple[int, int, Flow, bytes | None]] = []  # None: connect
        self._numbers = itertools.count()
        self._counts = [0] * 7
        self._file = mapped(counts)

    def serve(self) -> None:
        while True:
            self._wait()
            for descriptor, event in self._epoll.poll(0):
                if descriptor == self._listener.fileno():
                    self._accept()
                elif flow := self._flows.get(descriptor):
                    self._attend(flow, event)
            self._deliver()
            LAYOUT.pack_into(self._file, 0, *self._counts)

    def _wait(self) -> None:
        """Until somebody says something, or something is due."""
        left = (self._due[0][0] - time.monotonic_ns()) / 1e9 if self._due else None
        if left is None or left > 0:
            select.select([self._epoll], [], [], left)

    def _accept(self) -> None:
        try:
            client, _ = self._listener.accept()
        except OSError:  # it has gone again
            return
        server = socket.socket()
        for each in (client, server):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.setblocking(False)
        open_ns = time.monotonic_ns() + WAYS_OF_A_HANDSHAKE * self._one_way_ns
        up = Flow(client, server, True, open_ns)
        up.join(Flow(server, client, False, open_ns))
        self._flows[client.fileno()] = up
        self._push(open_ns, up, None)
        self._watch(client)
        self._counts[0] += 1

    def _connect(self, flow: Flow) -> None:
        try:
            flow.target.connect(("127.0.0.1", self._target))
        except OSError:  # the broker is down: who asked is told by a closed connection
            self._drop(flow)
            return
        flow.target.setblocking(False)
        self._flows[flow.target.fileno()] = flow.other
        self._watch(flow.target)

    def _push(self, due_ns: int, flow: Flow, data: bytes | None) -> None:
        heapq.heappush(self._due, (due_ns, next(self._numbers), flow, data))

    def _attend(self, flow: Flow, event: int) -> None:
        """``flow`` comes from the socket that something happened to, ``flow.other`` goes there."""
        if event & select.EPOLLOUT:
            self._send(flow.other, b"")
        if event & select.EPOLLIN:
            self._hear(flow)
        elif event & GONE:
            self._drop(flow)

    def _hear(self, flow: Flow) -> None:
        try:
            data = flow.source.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:  # reset
            self._drop(flow)
            return
        now = time.monotonic_ns()
        if data:
            self._counts[1 if flow.up else 2] += 1
            self._counts[3 if flow.up else 4] += len(data)
        else:
            flow.heard = True
            self._watch(flow.source)
        due_ns = max(now + self._one_way_ns, flow.earliest_ns)
        if due_ns <= now:
            self._pass_on(flow, data)
        else:
            self._push(due_ns, flow, data)

    def _deliver(self) -> None:
        """What is due by now."""
        while self._due and self._due[0][0] <= (now := time.monotonic_ns()):
            due_ns, _, flow, data = heapq.heappop(self._due)
            if flow.done:
                continue
            if data is None:
                self._connect(flow)
                continue
            self._counts[5] += now - due_ns
            self._counts[6] = max(self._counts[6], now - due_ns)
            self._pass_on(flow, data)

    def _pass_on(self, flow: Flow, data: bytes) -> None:
        """Send it; nothing is the end of what the source says."""
        if data:
            self._send(flow, data)
            return
        flow.closing = True
        self._send(flow, b"")

    def _send(self, flow: Flow, data: bytes) -> None:
        flow.held += data
        try:
            if flow.held:
                del flow.held[: flow.target.send(flow.held)]
        except BlockingIOError:
            pass  # its buffer is full: epoll says when it no longer is
        except OSError:
            self._drop(flow)
            return
        if flow.closing and not flow.held:
            self._end(flow)
        else:
            self._watch(flow.target)
            self._watch(flow.source)

    def _end(self, flow: Flow) -> None:
        """Its last word has arrived."""
        flow.done = True
        if flow.other.done:
            self._drop(flow)
            return
        with suppress(OSError):  # whom it went to is gone
            flow.target.shutdown(socket.SHUT_WR)

    def _watch(self, end: socket.socket) -> None:
        """Ask epoll for what this end is good for now."""
        flow = self._flows.get(end.fileno())
        if flow is None:
            return
        wanted = 0
        if not flow.heard and len(flow.held) < MOST_HELD:
            wanted |= select.EPOLLIN
        if flow.other.held:
            wanted |= select.EPOLLOUT
        before = self._watched.get(end.fileno(), 0)
        if wanted == before:
            return
        if not wanted:
            self._epoll.unregister(end)
        elif not before:
            self._epoll.register(end, wanted)
        else:
            self._epoll.modify(end, wanted)
        self._watched[end.fileno()] = wanted

    def _drop(self, flow: Flow) -> None:
        """Close both ends, at once."""
        for each in (flow, flow.other):
            each.done = True
            self._flows.pop(each.source.fileno(), None)
            self._watched.pop(each.source.fileno(), None)
            each.source.close()


def exact_timers() -> None:
    """Wake this thread when it asked to, not up to 50 us later."""
    ctypes.CDLL(None).prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0)


def main(port: int, target: int, one_way_ns: int, counts: Path) -> None:
    exact_timers()
    listener = socket.create_server(("127.0.0.1", port), backlog=1024)
    listener.setblocking(False)
    Proxy(listener, target, one_way_ns, counts).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
