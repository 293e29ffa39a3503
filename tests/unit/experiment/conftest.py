"""Experiments whose trials are played: what takes their time is opening the database."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from harness.store.database import opened
from tests.made.rows import empty


@pytest.fixture(autouse=True)
def one_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """DuckDB's engine is started once per database, and not, in 20 ms, at each of some twenty
    openings. Turns are still taken by the lock file.
    """
    engines: dict[Path, duckdb.DuckDBPyConnection] = {}
    new = empty()

    def connection(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
        if path not in engines:
            if not path.exists():
                assert not read_only
                path.write_bytes(new)
            engines[path] = opened(path, read_only=False)
        return engines[path].cursor()

    monkeypatch.setattr("harness.store.database.opened", connection)
    yield
    for engine in engines.values():
        engine.close()


@pytest.fixture
def no_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what is carried out whole: the watchdog is a process."""
    for name in ("start_guard", "stop_guard"):
        monkeypatch.setattr(f"harness.experiment.cleanup.guard.{name}", lambda *_: None)
