"""A workload of the user's: one file with ``task`` and, beside it, what the harness reads.

The file is read and not imported, since it imports what only its cells have. ``RATE``: tasks a
second; or ``ARRIVALS``: a CSV file of time stamps beside it. ``REQUIRES``: packages that the task
imports. ``WANTS``: of the workers, as in ``tasks.spec`` ({"waiting": 20}).
"""

import ast
import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from infrastructure.errors import UsageError

LEAST_STAMPS = 100  # METHOD 3: p90 takes as many
NAMES = {"RATE", "ARRIVALS", "REQUIRES", "WANTS"}


@dataclass(frozen=True)
class Workload:
    """``arrivals``: seconds from the first, of a file; empty where it is a ``rate``, tasks/s."""

    path: Path
    rate: float
    arrivals: tuple[float, ...] = ()
    arrivals_digest: str = ""
    requires: tuple[str, ...] = ()
    wants: Mapping[str, Any] = field(default_factory=dict)


def read_workload(path: Path) -> Workload:
    """Raises UsageError with what the file lacks."""
    if not path.is_file():
        raise UsageError(f"--workload: no file {path}")
    try:
        defined = dict(definitions(ast.parse(path.read_text())))
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None
    if "task" not in defined:
        raise UsageError(f"{path} defines no task: write def task(…): …")
    requires, wants = tuple(defined.get("REQUIRES", ())), dict(defined.get("WANTS", {}))
    if "ARRIVALS" in defined:
        stamps = path.parent / defined["ARRIVALS"]
        seconds = read_arrivals(stamps)
        digest = hashlib.sha256(stamps.read_bytes()).hexdigest()
        rate = (len(seconds) - 1) / seconds[-1]
        return Workload(path, rate, seconds, digest, requires, wants)
    found = defined.get("RATE")
    if not isinstance(found, int | float) or found <= 0:
        raise UsageError(
            f'{path} says no arrival rate: write RATE = 50 (tasks/s), or ARRIVALS = "stamps.csv"'
        )
    return Workload(path, float(found), requires=requires, wants=wants)


def definitions(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    """``task``, and the values of the names that the harness knows. Raises ValueError for one that
    has to be computed.
    """
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ImportFrom):
            yield from ((alias.asname or alias.name, node) for alias in node.names)
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in NAMES:
            yield ast.unparse(node.targets[0]), ast.literal_eval(node.value)


def read_arrivals(path: Path) -> tuple[float, ...]:
    """Seconds from the first stamp, in order. The first column holds seconds or ISO times; a first
    line that is neither is a header. Raises UsageError.
    """
    if not path.is_file():
        raise UsageError(f"ARRIVALS: no file {path}")
    found: list[float] = []
    with path.open(newline="") as file:
        for number, row in enumerate(csv.reader(file), 1):
            stamp = seconds_of(row[0]) if row else None
            if stamp is not None:
                found.append(stamp)
            elif row and number > 1:
                raise UsageError(f"{path}, line {number}: {row[0]!r} is no time: 12.5 or ISO 8601")
    found.sort()
    if len(found) < LEAST_STAMPS or found[-1] == found[0]:
        raise UsageError(
            f"{path}: {len(found)} time stamps, and a 90th percentile takes {LEAST_STAMPS} at "
            "different times"
        )
    return tuple(stamp - found[0] for stamp in found)


def seconds_of(text: str) -> float | None:
    """Of a number of seconds or an ISO time; None for anything else."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None
