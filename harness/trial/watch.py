"""Whether a session's trials can be looked at while they run: only when somebody asks for it."""

from contextlib import AbstractContextManager, nullcontext

from harness.trial.plan import UNWATCHED, Watch


def watching(port: int | None) -> AbstractContextManager[Watch]:
    """Serve metrics on a port of 127.0.0.1 for as long as the session lasts; nobody looks without
    one. Raises UsageError when the port is taken.
    """
    if port is None:
        return nullcontext(UNWATCHED)
    from harness.trial.live.server import (
        serving,  # its HTTP server and client library: for those who ask
    )

    return serving(port)
