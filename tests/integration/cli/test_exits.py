"""Every way out of nox: 1 is for what the harness found, and for nothing that went wrong."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.cli.matrix import MODELS, MODELS_LOCK, Matrix
from infrastructure.root import ROOT
from tests.integration.trials import wait_for

FILES = ("noxfile.py", "pyproject.toml", "harness", "infrastructure", "scenarios", "locks")
# The harness's interpreter, but for what it is asked to do: the fault stands in its place.
INTERPRETER = """\
#!/bin/sh
case "$*" in
*"-m harness"*) {fault} ;;
*) exec "{python}" "$@" ;;
esac
"""
LOOP = "while :; do sleep 0.1; done"
COMPARE = ("compare", "--", "stub", "--aa", "stub")
Nox = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, matrix: Matrix) -> Path:
    """A copy of the project whose environments are made but for their content."""
    place = tmp_path_factory.mktemp("project")
    for name in FILES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, place / name)
    python = matrix.pythons[0].replace(".", "-")
    pretend(place, "harness", "harness")
    cell = pretend(place, f"bench-{python}-stub", f"stub-{matrix.frameworks['stub'].versions[0]}")
    stamp(cell / MODELS, MODELS_LOCK)
    return place


def pretend(place: Path, name: str, lock: str) -> Path:
    """An environment that passes for built."""
    environment = place / ".nox" / name
    (environment / "bin").mkdir(parents=True)
    stamp(environment, ROOT / "locks" / f"{lock}.txt")
    behave(place, "exit 0", name)
    return environment


def stamp(folder: Path, lock: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "lock.sha256").write_text(hashlib.sha256(lock.read_bytes()).hexdigest())


def behave(place: Path, fault: str, name: str = "harness") -> None:
    """Make the harness do that instead of its work."""
    python = place / ".nox" / name / "bin" / "python"
    python.write_text(INTERPRETER.format(fault=fault, python=sys.executable))
    python.chmod(0o755)


def nox(place: Path, *words: str, **environment: str) -> subprocess.Popen[str]:
    """Type a nox command there; without its own environment, this one has all it needs."""
    return subprocess.Popen(
        [sys.executable, "-m", "nox", "-s", *words],
        cwd=place,
        env={**os.environ, "NOX_SCRIPT_MODE": "none", **environment},
        text=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, said = process.communicate(timeout=120)
    return process.returncode, said


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("exit 0", 0),
        ("exit 10", 1),  # how the harness says that it found a regression
        ("exit 3", 3),
        ("exit 4", 4),
        ("exit 1", 4),  # how Python says that it cannot start
        ("kill -KILL $$", 4),
    ],
)
def test_what_the_harness_ends_with(project: Path, fault: str, code: int) -> None:
    behave(project, fault)
    assert ended(nox(project, *COMPARE))[0] == code


def test_a_package_index_that_is_down(project: Path, tmp_path: Path) -> None:
    where = {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_HTTP_RETRIES": "0"}
    words = ("compare", "--", "raw", "--aa", "raw")  # whose cell is not built
    code, said = ended(nox(project, *words, UV_CACHE_DIR=str(tmp_path), **where))
    assert code == 4, said
    assert "error: uv " in said


def test_a_lock_that_names_a_version_that_is_gone(project: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(project, tmp_path / "gone")
    (copy / "locks" / "harness.txt").write_text(
        "duckdb==99.0 --hash=sha256:" + 64 * "0" + "\n"  # nothing is asked: no wheel is here
    )
    words = ("query", "--", "FROM trial")
    code, said = ended(nox(copy, *words, UV_OFFLINE="1", UV_CACHE_DIR=str(tmp_path / "cache")))
    assert code == 4, said
    assert "error: uv " in said


def test_a_python_that_is_not_here(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "p", ignore=shutil.ignore_patterns(".nox"))
    none = {"PATH": "/nonexistent", "HOME": str(tmp_path), "PYENV_ROOT": str(tmp_path)}
    code, said = ended(nox(tmp_path / "p", *COMPARE, **none))
    assert code == 4, said
    assert "No Python" in said or "no Python" in said


@pytest.mark.parametrize(
    "spoil",
    [
        lambda place: (place / "pyproject.toml").write_text("[project]\n"),
        lambda place: (place / "harness" / "commands" / "report.py").write_text("oops"),
        lambda place: shutil.rmtree(place / "locks"),
    ],
    ids=["pyproject", "import", "no locks"],
)
def test_a_project_that_is_damaged(
    project: Path, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    copy = shutil.copytree(project, tmp_path / "damaged")
    spoil(copy)
    code, said = ended(nox(copy, *COMPARE))
    assert code == 4, said


@pytest.fixture
def hung_up() -> Iterator[None]:
    """SIGHUP ends what is started, as it does from a terminal, under nohup too: that has started us
    with it ignored, and what is ignored is inherited.
    """
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("hung_up")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_what_ends_nox_ends_the_harness(project: Path, tmp_path: Path, number: int) -> None:
    """It is asked, and waited for where nox can."""
    here = tmp_path / "harness"
    end = f'sleep 0.3; echo asked >> "{here}"; exit 130'
    behave(project, f"trap '{end}' TERM HUP; sleep 0.3; echo here > \"{here}\"; {LOOP}")
    process = nox(project, *COMPARE)
    wait_for(lambda: here.exists() and here.read_text().endswith("\n"))
    process.send_signal(number)
    assert ended(process)[0] == -number
    wait_for(lambda: "asked" in here.read_text(), 0 if number != signal.SIGKILL else 60)


def test_ctrl_c_ends_with_130(project: Path, tmp_path: Path) -> None:
    here = tmp_path / "harness"
    behave(project, f'trap "exit 130" INT; echo here > "{here}"; {LOOP}')
    process = nox(project, *COMPARE)
    wait_for(here.exists)
    os.killpg(process.pid, signal.SIGINT)
    assert ended(process)[0] == 130
