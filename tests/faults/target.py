"""What is struck, and where the blows find its processes and files."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.integration.trial.session import is_guard


@dataclass(frozen=True)
class Target:
    """A running session: the pid of its harness, and its database."""

    harness: int
    database: Path

    def guard(self) -> int | None:
        """Its watchdog's pid; None before it was started."""
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.harness).children():
                if is_guard(child):
                    return child.pid
        return None
