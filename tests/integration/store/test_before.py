"""A database made before reports as before."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infrastructure.root import ROOT
from tests.before import ROWS, SAID, still_said, unpacked

VERDICTS = next(line for line in SAID["results"] if line.startswith("verdicts compare"))


@pytest.fixture(scope="module")
def made_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(tmp_path_factory.mktemp("before"))


def ask(database: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "harness", *words, "--db", str(database)],
        cwd=ROOT,
        env={**os.environ, "TZ": "UTC", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_its_results_are_printed(made_before: Path) -> None:
    """Medians and verdicts of then; the look that leads them came later."""
    lines, then = ask(made_before, "results").splitlines(), SAID["results"]
    assert lines[lines.index(VERDICTS) :] == then[then.index(VERDICTS) :]
    for figure in ("1,098 tasks/s", "118 µs"):
        assert any(line.startswith(f"stub 1.0: {figure}") for line in lines)


def test_its_tables_are_exported(made_before: Path, tmp_path: Path) -> None:
    ask(made_before, "export", "--format", "csv", "--out", str(tmp_path))
    for name, then in SAID["exports"].items():
        with (tmp_path / name).open() as file:
            still_said(list(csv.DictReader(file))[:ROWS], then)


def test_its_page_is_written(made_before: Path, tmp_path: Path) -> None:
    ask(made_before, "report", "--out", str(tmp_path))
    page = (tmp_path / "index.html").read_text()
    for word in ("stub 1.0", "20261128-045303-9258", "throughput"):
        assert word in page
