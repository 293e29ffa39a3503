"""Unit tests need no server, no cell and no process, only the environment of the tests."""

import platform
import subprocess
from typing import Never

import pytest

from harness.store.database import CONFIG

platform.platform()  # asks `uname -p` once, and keeps the answer


@pytest.fixture(autouse=True)
def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails a test that starts a process: it belongs into tests/integration."""

    def refuse(_self: object, command: object, *_args: object, **_options: object) -> Never:
        pytest.fail(f"a unit test starts a process: {command}; it belongs into tests/integration")

    monkeypatch.setattr(subprocess.Popen, "__init__", refuse)


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB has a thread per core, and beside each worker of the tests another has them too."""
    monkeypatch.setitem(CONFIG, "threads", 1)
