"""The profilers of the harness's own environment: where they stand, and why one may not attach."""

import os
import re
import sys
from pathlib import Path

from harness.machine.reading import UNREADABLE, read


def tool(name: str) -> str:
    """A program of the harness's own environment."""
    return str(Path(sys.executable).parent / name)


def why_not(error: str) -> str:
    """Why attaching failed, with what decides it on Linux."""
    capabilities = re.search(r"^CapEff:\s*(\w+)", read("/proc/self/status"), re.MULTILINE)
    scope = read("/proc/sys/kernel/yama/ptrace_scope")
    return (
        f"{error.strip()[-300:] or 'no output'} [uid {os.getuid()}, CapEff "
        f"{capabilities[1] if capabilities else UNREADABLE}, ptrace_scope {scope}]"
    )
