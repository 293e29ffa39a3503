"""What a command ends with, and how the harness tells nox: docs/ci.md has the table."""

import sys
from enum import IntEnum

from infrastructure.processes.signals import signal_name


class Exit(IntEnum):
    """``FOUND``: the command's own answer, and nothing else may give it: an established regression,
    a failed trial, something that is missing.
    """

    FINE = 0
    FOUND = 1
    USAGE = 2
    NO_VERDICT = 3
    BROKEN = 4
    INTERRUPTED = 130


# How ``python -m harness`` says FOUND to nox, which asks for it by this variable: Python itself
# ends with 1 when it cannot even start.
SAYS_FOUND = 10
FOUND_SAID_BY = "BENCH_FOUND"
PASSED_ON = {Exit.FINE, Exit.USAGE, Exit.NO_VERDICT, Exit.BROKEN, Exit.INTERRUPTED}


def said_by_harness(code: int) -> int:
    """The exit code of nox for that of the harness's process, which is negative after a signal."""
    if code == SAYS_FOUND:
        return Exit.FOUND
    if code in PASSED_ON:
        return code
    how = f"was killed by {signal_name(-code)}" if code < 0 else f"ended with Python's code {code}"
    print(f"error: the harness {how}; there is no verdict", file=sys.stderr)
    return Exit.BROKEN
