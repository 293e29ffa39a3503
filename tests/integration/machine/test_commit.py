"""The commit that an experiment's row names is the harness's, or it is unreadable."""

from pathlib import Path

import pytest

from harness.cli.matrix import Matrix
from harness.machine.commit import commit
from harness.machine.doctor.findings import Mark
from harness.machine.doctor.hardware import machine
from infrastructure.root import ROOT
from tests.conftest import missing
from tests.made.repositories import git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "theirs")
    git(tmp_path / "theirs", "commit", "-q", "--allow-empty", "-m", "x")
    return tmp_path / "theirs"


def test_without_git_it_is_unreadable_and_the_doctor_says_so(
    monkeypatch: pytest.MonkeyPatch, matrix: Matrix
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert commit() == "unreadable"
    (found,) = [f for f in machine(matrix) if f.item == "commit of the harness"]
    assert found.mark is Mark.WARNING
    assert "git" in found.advice


@pytest.mark.parametrize("below", ["unpacked", "a/b"])
def test_a_repository_around_the_project_is_not_ours(repository: Path, below: str) -> None:
    """As when an archive of the project is unpacked in somebody's repository."""
    (repository / below).mkdir(parents=True)
    assert commit(repository / below) == "unreadable"


def test_git_variables_of_the_caller_name_no_other_repository(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (ROOT / ".git").exists():
        missing("a clone of this project")
    before = commit()
    monkeypatch.setenv("GIT_DIR", str(repository / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(repository))
    assert commit() == before
    assert commit(repository) == git(repository, "rev-parse", "--short", "HEAD")


def test_a_checkout_with_autocrlf_has_the_same_bytes(tmp_path: Path) -> None:
    """Hashes of locks and workloads are of bytes."""
    if not (ROOT / ".git").exists():
        missing("a clone of this project")
    kept = tmp_path / "kept"
    git(tmp_path, "init", "-q", "kept")
    (kept / ".gitattributes").write_bytes((ROOT / ".gitattributes").read_bytes())
    lock = (ROOT / "locks" / "raw-1.0.txt").read_bytes()
    (kept / "lock.txt").write_bytes(lock)
    git(kept, "add", ".")
    git(kept, "commit", "-q", "-m", "x")
    git(tmp_path, "-c", "core.autocrlf=true", "clone", "-q", str(kept), "clone")
    assert (tmp_path / "clone" / "lock.txt").read_bytes() == lock
