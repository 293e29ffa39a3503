"""Its workers leave their tasks to processes that are no children of theirs, as daemons are."""

import os
import signal

from tasks.frameworks import stub
from tasks.frameworks.stub import launch, producer
from tasks.spec import Spec

__all__ = ["launch", "producer", "work"]


def work(spec: Spec) -> None:
    """The process in between ends at once, as that of a daemon does."""
    if not (between := os.fork()):
        os.setsid()
        if not os.fork():
            stub.work(spec)
        os._exit(0)
    os.waitpid(between, 0)
    signal.pause()
