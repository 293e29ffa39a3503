"""Statements that select from something, each a file in the ``sql`` folder of its package."""

from functools import cache
from pathlib import Path


@cache
def statement(package: Path, name: str) -> str:
    """``sql/NAME.sql`` of a package's folder. Raises OSError where there is none."""
    return (package / "sql" / f"{name}.sql").read_text()
