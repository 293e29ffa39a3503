"""Somebody else's environment: what stands there changes nothing, or is told in a sentence.

Commands run as nox runs them, in the environment that ``harness.cli.host`` makes of the caller's.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from harness.cli.host import environment
from harness.cli.matrix import Matrix
from harness.trial.cell import Arm
from tests.conftest import cell_of
from tests.made.databases import fill
from tests.made.rows import made

NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody answers
HOSTILE: Mapping[str, Mapping[str, str]] = {
    "proxy": dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "ALL_PROXY"), NOWHERE),
    "packages": {
        "PIP_INDEX_URL": NOWHERE, "UV_INDEX_URL": NOWHERE, "UV_OFFLINE": "1", "UV_PYTHON": "2.7",
        "PIP_TARGET": "/nonexistent", "VIRTUAL_ENV": "/nonexistent",
    },
    "python": {
        "PYTHONPATH": "/nonexistent", "PYTHONHOME": "/nonexistent", "PYTHONSAFEPATH": "1",
        "PYTHONOPTIMIZE": "2", "PYTHONWARNINGS": "error", "PYTHONHASHSEED": "7",
        "PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1", "PYTHONSTARTUP": "/nonexistent",
    },
    "postgresql": {
        "PGHOST": "nowhere.invalid", "PGPORT": "9", "PGUSER": "nobody", "PGPASSWORD": "wrong",
        "PGSERVICE": "nope", "PGSSLMODE": "verify-full", "PGOPTIONS": "-c search_path=none",
    },
    "aws": {"AWS_PROFILE": "nope", "AWS_ENDPOINT_URL": NOWHERE, "AWS_CA_BUNDLE": "/nonexistent"},
    "git": {"GIT_DIR": "/nonexistent", "GIT_WORK_TREE": "/", "GIT_CONFIG_GLOBAL": "/nonexistent"},
    "matplotlib": {"MPLBACKEND": "nonsense", "MATPLOTLIBRC": "/nonexistent"},
    "ascii": {"LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0"},
    "no such locale": {"LC_ALL": "xx_YY.ISO-8859-1", "LC_CTYPE": "nonsense"},
    "time zone": {"TZ": "Nowhere/None"},
    "temporary": {"TMPDIR": "/nonexistent"},
    "narrow": {"COLUMNS": "1", "LINES": "1", "TERM": "dumb"},
    "no terminal": {"COLUMNS": "wide", "TERM": "nonsense", "FORCE_COLOR": "1"},
}  # fmt: skip
ALL = {name: value for kind in HOSTILE.values() for name, value in kind.items()}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("hostile"), fill)


def harness(
    monkeypatch: pytest.MonkeyPatch, hostile: Mapping[str, str], *words: str
) -> subprocess.CompletedProcess[bytes]:
    for name, value in hostile.items():
        monkeypatch.setenv(name, value)
    command = [sys.executable, "-P", "-m", "harness", *words]
    return subprocess.run(command, env=environment(), capture_output=True, check=False, timeout=300)


@pytest.mark.parametrize("kind", HOSTILE)
def test_results_are_printed(filled: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    done = harness(monkeypatch, HOSTILE[kind], "results", "--db", str(filled))
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert b"Traceback" not in done.stderr
    assert b"alpha" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["report"],
        ["export", "--format", "csv"],
        ["publish"],
        ["query", "FROM trial"],
        ["doctor"],
    ],
    ids=lambda words: words[0],
)
def test_all_at_once_change_nothing(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    writes = words[0] in {"report", "export", "publish"}
    out = ["--out", str(tmp_path / "out")] if writes else []
    done = harness(monkeypatch, ALL, *words, "--db", str(filled), *out)
    allowed = {0, 10} if words == ["doctor"] else {0}  # doctor: something is missing here
    assert done.returncode in allowed, done.stderr.decode(errors="replace")
    assert b"Traceback" not in done.stderr
    page = tmp_path / "out" / "index.html"
    if words == ["report"]:
        assert "·" in page.read_text(encoding="utf-8")
        assert "Â" not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [["results", "--db"], ["infra", "status", "--place"]])
def test_a_pipe_that_was_closed_is_no_defect(
    filled: Path, tmp_path: Path, words: list[str]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    place = filled if words[0] == "results" else tmp_path
    command = [sys.executable, "-P", "-m", "harness", *words, str(place)]
    done = subprocess.run(
        command, env=environment(), stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (
        4,
        "error: what is printed goes to a pipe that was closed\n",
    )


def test_a_plan_under_all_at_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    matrix: Matrix,
    make_arm: Callable[..., Arm],
) -> None:
    newest, *_, oldest = matrix.frameworks["celery"].versions
    make_arm("celery")  # which says where there is no such cell
    cells = [*handed_over("celery", newest), *handed_over("celery", oldest, f"celery-{oldest}")]
    words = ["regress", "celery", oldest, newest, "--dry-run", "--db", str(tmp_path / "r.duckdb")]
    done = harness(monkeypatch, ALL, *words, *cells)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert b"blocks of throughput" in done.stdout
    assert not (tmp_path / "r.duckdb").exists()


def test_a_trial_under_all_at_once(
    monkeypatch: pytest.MonkeyPatch, make_arm: Callable[..., Arm]
) -> None:
    """As it is in a bench and a comparison."""
    cell = handed_over("raw", make_arm("raw").version)
    done = harness(monkeypatch, ALL, "cells", "raw", "--broker", "redis", *cell)
    assert done.returncode == 0, (done.stdout + done.stderr).decode(errors="replace")
    assert b"drained" in done.stdout


def handed_over(framework: str, version: str, name: str = "") -> list[str]:
    """A cell as nox hands it over, in the environment of that name."""
    python = "{}.{}".format(*sys.version_info)
    return ["--cell", framework, version, python, str(cell_of(name or framework))]
