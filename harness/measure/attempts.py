"""How often a task was begun, though no attempt lived to leave a record."""

from collections.abc import Iterable
from pathlib import Path

from tasks.records import TRIED, wire_seq


def attempts(records: Path, numbers: Iterable[int]) -> list[int]:
    """Of each of these tasks of the load, by the files that its body wrote (``tasks.poison``)."""
    files = (records / f"{TRIED}{wire_seq('load', int(number))}" for number in numbers)
    return [file.stat().st_size if file.exists() else 0 for file in files]
