"""A database that cannot be written can be read, and a bench is refused there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.store.database import open_database
from harness.store.ingest import ingest
from infrastructure.processes.folder import spool_of
from infrastructure.root import ROOT
from tests.conftest import missing
from tests.rows import finished

# Root may write everywhere, but for these two of its rights.
RIGHTS = "-dac_override,-dac_read_search"
WITHOUT_RIGHTS = ["setpriv", f"--bounding-set={RIGHTS}", f"--inh-caps={RIGHTS}"]
QUERY = ("query", "SELECT count(*) AS n FROM trial")
OPEN = """
import sys
from pathlib import Path
from harness.store.database import open_database
with open_database(Path(sys.argv[1])):
    pass
"""


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """A Python of ours that may write no more than anybody."""
    return subprocess.run(
        [*(WITHOUT_RIGHTS if os.geteuid() == 0 else []), sys.executable, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def locked(tmp_path: Path, what: str) -> Path:
    """A database that was written, then made read-only: its file, its folder, or both."""
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        missing("setpriv")
    folder = tmp_path / "kept"
    folder.mkdir()
    path = folder / "r.duckdb"
    trial = finished(spool_of(path), "t")
    ingest(path, trial.path)
    trial.remove()
    spool_of(path).rmdir()
    Path(f"{path}.lock").unlink()
    path.chmod(0o644 if what == "folder" else 0o444)
    folder.chmod(0o755 if what == "file" else 0o555)
    return path


@pytest.mark.parametrize(
    ("what", "command"),
    [
        ("file", QUERY),
        ("folder", QUERY),
        ("both", QUERY),
        ("both", ("results",)),
        ("both", ("report",)),
        ("both", ("export",)),
    ],
)
def test_it_can_be_read(tmp_path: Path, what: str, command: tuple[str, ...]) -> None:
    path = locked(tmp_path, what)
    out = ("--out", str(tmp_path / "out")) if command[0] in {"report", "export"} else ()
    done = run("-m", "harness", *command, "--db", str(path), *out)
    path.parent.chmod(0o755)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("what", ["file", "folder", "both"])
def test_nothing_is_written_into_it(tmp_path: Path, what: str) -> None:
    path = locked(tmp_path, what)
    done = run("-c", OPEN, str(path))
    path.parent.chmod(0o755)
    assert "StoreError" in done.stderr
    assert f"{path} cannot be written" in done.stderr
    assert "stored" not in done.stderr


def test_an_older_one_says_that_it_has_to_be_copied(tmp_path: Path) -> None:
    path = tmp_path / "r.duckdb"
    with open_database(path) as connection:
        connection.execute("UPDATE schema_version SET version = version - 1")
    path.chmod(0o444)
    done = run("-m", "harness", *QUERY, "--db", str(path))
    assert done.returncode == 4
    assert "Copy it" in done.stderr
