"""Which process a number stands for: numbers are given again, and the clock is set.

A process is known by the boot of the machine and the ticks since then at which it began, as the
kernel has them: neither changes when the clock does.
"""

import os
import time
from functools import cache
from pathlib import Path
from typing import NamedTuple, Self

from infrastructure.processes.table import GONE, status

START = 19  # of the fields of ``status``: starttime in proc(5)


class Born(NamedTuple):
    """When a process began. Its text is what is written into files."""

    boot: str
    ticks: int

    def __str__(self) -> str:
        return f"{self.boot}/{self.ticks}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Of its text; what is none is of no boot of this machine."""
        boot, _, ticks = text.partition("/")
        return cls(boot, int(ticks) if ticks.isdecimal() else 0)

    @classmethod
    def now(cls) -> Self:
        """Of a process that would begin now."""
        seconds = time.clock_gettime(time.CLOCK_BOOTTIME)
        return cls(boot_id(), int(seconds * os.sysconf("SC_CLK_TCK")))

    @property
    def this_boot(self) -> bool:
        return self.boot == boot_id()


@cache
def boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def born(pid: int) -> Born | None:
    """When it began; None when it is gone."""
    try:
        return Born(boot_id(), int(status(pid)[START]))
    except GONE:
        return None
