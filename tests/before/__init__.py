"""A database made before, and what was said of it then.

``results.duckdb.xz`` was written by version 0.1.0 (commit 4a61af9, schema 4): a bench and a
comparison of the stub with itself, at small size. ``said.json`` is what that version said of it:
the lines of ``results``, the first five rows of every named query, and of every exported table but
the timings.
"""

import json
import lzma
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROWS = 5  # that were kept of each table
SAID = json.loads((HERE / "said.json").read_text())


def unpacked(folder: Path) -> Path:
    path = folder / "results.duckdb"
    path.write_bytes(lzma.decompress((HERE / "results.duckdb.xz").read_bytes()))
    return path


def still_said(now: Sequence[dict[str, Any]], then: Sequence[dict[str, str]]) -> None:
    """The rows are those of then; a column may have come to them."""
    pairs = zip(now, then, strict=True)
    assert [{name: shown(row[name]) for name in before} for row, before in pairs] == list(then)


def shown(value: Any) -> str:
    """Times as they were written down, wherever this runs."""
    return str(value.astimezone(UTC) if isinstance(value, datetime) else value)
