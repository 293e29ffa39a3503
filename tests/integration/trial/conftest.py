"""After a trial nothing is left."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from infrastructure.processes.folder import spool_of
from tests.integration.trials import wait_for


def ours(tmp_path: Path) -> list[psutil.Process]:
    """Live processes that run in, or were told of, this test's folder."""
    found = []
    for process in psutil.process_iter(["cwd", "cmdline", "status"]):
        places = [process.info["cwd"] or "", *(process.info["cmdline"] or [])]
        alive = process.info["status"] != psutil.STATUS_ZOMBIE
        if alive and any(place.startswith(str(tmp_path)) for place in places):
            found.append(process)
    return found


@pytest.fixture(autouse=True)
def nothing_left_behind(database: Path, tmp_path: Path) -> Iterator[None]:
    """No process, hence no listening port, and no folder of ours after a test."""
    yield
    wait_for(lambda: not ours(tmp_path), 10)
    spool = spool_of(database)
    assert not spool.exists() or list(spool.iterdir()) == []
