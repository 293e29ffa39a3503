"""Starting a command where cells can be built: by nox, or by ``taskqueue-bench``."""

from collections.abc import Mapping

from harness.cli.bisect import bisect
from harness.cli.command import Command
from harness.cli.host import run_harness
from harness.cli.series import series
from harness.cli.start import Typed
from harness.cli.words import SERIES


def carry_out(typed: Typed, commands: Mapping[str, Command]) -> int:
    """Build what it needs and run it in the harness; its exit code."""
    if getattr(typed.options, "between", None):
        return bisect(typed, commands["compare"])
    if typed.command.name == SERIES:
        return series(typed)
    return run_harness(typed.matrix, typed.command.name, *typed.prepare(), *typed.words)
