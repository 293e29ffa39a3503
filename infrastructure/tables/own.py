"""A server of tables of ours, and when it is ready."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from infrastructure.processes.child import Child

READY_S = 30.0  # MariaDB's first start takes seconds on a small machine
POLL_S = 0.02


@dataclass
class Own:
    """A server of ours and the folder that holds all of it. ``again`` starts it once more on its
    port and data, ``is_ready`` says whether that very process serves clients, ``end`` ends it.
    """

    process: Child
    home: Path
    again: Callable[[], Child]
    is_ready: Callable[[Child], bool]
    end: Callable[[Child], None]


def wait_ready(child: Child, is_ready: Callable[[Child], bool]) -> bool:
    """Whether it is within READY_S; False at once when it ends."""
    deadline = time.monotonic() + READY_S
    while child.alive() and time.monotonic() < deadline:
        if is_ready(child):
            return True
        time.sleep(POLL_S)
    return False
