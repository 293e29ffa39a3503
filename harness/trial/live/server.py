"""Answering scrapes on a port of this machine for as long as a session lasts."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST

from harness.trial.live.live import Live
from infrastructure.errors import UsageError

ADDRESS = "127.0.0.1"


class Server(ThreadingHTTPServer):
    """Answers in threads; a client that gives up is no news for the session's terminal."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(port: int) -> Iterator[Live]:
    """Answer scrapes from this machine on a port until the session ends. Raises UsageError when
    the port is taken.
    """
    live = Live()

    class Scrape(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = live.text()
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE_LATEST)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """The terminal is the session's."""

    try:
        server = Server((ADDRESS, port), Scrape)
    except OSError as error:
        raise UsageError(
            f"--metrics-port {port}: cannot listen on {ADDRESS}:{port} ({error.strerror}); name a "
            "free port, here and in Prometheus's configuration"
        ) from None
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield live
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
