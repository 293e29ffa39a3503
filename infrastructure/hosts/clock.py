"""The clock of a host, asked over the network.

``python -m infrastructure.hosts.clock ADDRESS PORT`` runs there, and answers every byte with the
eight bytes of its monotonic clock (ns). One connection at a time is served.
"""

import socket
import sys
import time

ANSWER_S = 2.0  # of a network that is not cut
LENGTH = 8


class Pinger:
    """A connection to the clock of a host. Raises OSError, in every method, where it is cut."""

    def __init__(self, address: str, port: int) -> None:
        self._socket = socket.create_connection((address, port), timeout=ANSWER_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ping(self) -> tuple[int, int, int]:
        """The clock here, the clock there, and the clock here again (ns)."""
        sent = time.monotonic_ns()
        self._socket.sendall(b"?")
        said = self._socket.recv(LENGTH, socket.MSG_WAITALL)
        back = time.monotonic_ns()
        if len(said) < LENGTH:
            raise ConnectionError("the clock of the host has gone")
        return sent, int.from_bytes(said, "little"), back

    def close(self) -> None:
        self._socket.close()


def serve(address: str, port: int) -> None:
    with socket.create_server((address, port)) as listener:
        while True:
            client, _ = listener.accept()
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with client:
                answer(client)


def answer(client: socket.socket) -> None:
    """Until it has gone."""
    try:
        while client.recv(1):
            client.sendall(time.monotonic_ns().to_bytes(LENGTH, "little"))
    except ConnectionError:  # gone, and not in order
        return


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
