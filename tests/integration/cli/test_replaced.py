"""Cells of trees, repositories and wheels: built, locked, told apart, nothing of theirs touched."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from harness.cli import environments, replaced
from harness.cli.arms import Defaults, parse_arm
from harness.cli.matrix import OWN_LOCK, Cell, Framework, Matrix
from harness.cli.replaced import build_replaced, code_digest
from harness.cli.sources import anchored, parse_source
from harness.cli.trees import copy_tree, remote_commit, state_of
from harness.experiment.arms import check_code
from harness.trial.cell import Arm
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import UsageError
from tests.made.repositories import commit, git, repository

PYTHON = "{}.{}".format(*sys.version_info)
FANCY = Framework("fancy", "fancy", (), ("1.0",), ("redis",))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return repository(tmp_path / "tree")


@pytest.fixture
def small(matrix: Matrix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Matrix:
    """A matrix of that package alone, whose environments are the test's and hold nothing else."""
    for module in (environments, replaced):
        monkeypatch.setattr(module, "ENVIRONMENTS", tmp_path / "environments")
    monkeypatch.setenv("UV_OFFLINE", "1")  # there is nothing to be had of this package
    monkeypatch.setattr(replaced, "interpreter_of", lambda *_: sys.executable)
    monkeypatch.setattr(replaced, "sync_cell", environments.sync)
    return replace(matrix, pythons=(PYTHON,), frameworks={"fancy": FANCY}, in_cell=())


def cell_of(matrix: Matrix, word: str, folder: Path) -> Cell:
    (word,) = anchored([word], folder)
    return parse_arm(word, matrix, Defaults(PYTHON, None, "matched")).settled(matrix).cell


def arm_of(cell: Cell, executable: Path) -> Arm:
    broker = BrokerChoice("redis", "embedded")
    return Arm("fancy", cell.version, PYTHON, str(executable), broker, "matched")


def everything(folder: Path) -> dict[str, tuple[bytes, float]]:
    """Every file of a tree, of its repository too."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.read_bytes(), path.stat().st_mtime) for path in files}


def test_a_dirty_tree_is_an_arm_and_stays_as_it_is(small: Matrix, tree: Path) -> None:
    (tree / "fancy.py").write_text("COST = 2\n")
    (tree / "new.py").write_text("")
    (tree / "ignored").write_text("")
    before = everything(tree)
    clean, dirty = (cell_of(small, word, tree) for word in ("fancy@git:main", "fancy@path:."))
    found = [build_replaced(small, cell) for cell in (clean, dirty)]
    for executable, cost in zip(found, ("1", "2"), strict=True):
        said = subprocess.run(
            [executable, "-c", "import fancy; print(fancy.COST)"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert said.stdout.strip() == cost
    assert everything(tree) == before
    head = git(tree, "rev-parse", "HEAD")
    assert (clean.version, dirty.version[:22]) == (f"main@{head[:10]}", f"path@{head[:10]}+dirty.")
    arms = [arm_of(cell, e) for cell, e in zip((clean, dirty), found, strict=True)]
    assert arms[0].surroundings["sources"] == f"fancy {head}"
    assert arms[1].surroundings["sources"].startswith(f"fancy {head} dirty ")
    assert arms[0].surroundings["other_packages"] == arms[1].surroundings["other_packages"]
    assert arms[0].lock_hash != arms[1].lock_hash
    lock = (arms[0].environment / OWN_LOCK).read_text()
    assert "fancy @ file://" in lock
    assert "--hash=sha256:" in lock
    check_code(arms, ["one", "other"])
    assert build_replaced(small, dirty) == found[1]


def test_arms_of_the_same_code_are_refused(small: Matrix, tree: Path) -> None:
    (tree / "README").write_text("said, and not run")
    cells = [cell_of(small, word, tree) for word in ("fancy@git:main", "fancy@path:.")]
    arms = [arm_of(cell, build_replaced(small, cell)) for cell in cells]
    assert arms[0].executable != arms[1].executable
    with pytest.raises(UsageError, match="one and other are the same code"):
        check_code(arms, ["one", "other"])
    check_code([arms[0], replace(arms[1], profile="tuned")], ["one", "other"])


def test_a_wheel_is_an_arm(small: Matrix, tree: Path, tmp_path: Path) -> None:
    built = build_replaced(small, cell_of(small, "fancy@path:.", tree))
    (wheel,) = (tmp_path / "environments").rglob("*.whl")
    cell = cell_of(small, f"fancy@wheel:{wheel.name}", wheel.parent)
    assert cell.version.startswith("1.0+wheel.")
    folders = [executable.parent.parent for executable in (built, build_replaced(small, cell))]
    assert code_digest(folders[0]) == code_digest(folders[1])


def test_a_tree_that_changes_while_it_is_built_is_refused(small: Matrix, tree: Path) -> None:
    cell = cell_of(small, "fancy@path:.", tree)
    (tree / "fancy.py").write_text("COST = 3\n")
    with pytest.raises(UsageError, match="changed while its arm was built"):
        build_replaced(small, cell)


def test_an_address_is_asked_for_its_refs(tree: Path, tmp_path: Path) -> None:
    git(tree, "-c", "tag.gpgsign=false", "tag", "-a", "-m", "one", "v1")
    head, later = git(tree, "rev-parse", "HEAD"), commit(tree, "COST = 4\n")
    for ref, found in (("v1", head), ("main", later), ("", later)):
        assert parse_source(f"fancy@git+file://{tree}#{ref}").settled().commit == found
    with pytest.raises(UsageError, match="no ref 'v9' in"):
        parse_source(f"fancy@git:{tree}#v9").settled()
    assert remote_commit(tree.as_uri(), "v1") == head  # of the tag, not the tag's own
    assert remote_commit(tree.as_uri(), head) == head
    with pytest.raises(UsageError, match="no branch or tag 'v9'"):
        remote_commit(tree.as_uri(), "v9")
    with pytest.raises(UsageError, match="no folder"):
        parse_source(f"fancy@path:{tmp_path}/nowhere").settled()
    with pytest.raises(UsageError, match="no file"):
        parse_source(f"fancy@wheel:{tmp_path}/x-1.0-py3-none-any.whl").settled()


def test_a_folder_without_git_is_copied_whole(tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    (folder / "package").mkdir(parents=True)
    (folder / "package" / "module.py").write_text("x = 1")
    state = state_of(folder)
    assert (state.commit, state.changed) == ("", ("package/module.py",))
    copy_tree(state, tmp_path / "copy")
    assert (tmp_path / "copy" / "package" / "module.py").read_text() == "x = 1"


def test_what_was_deleted_is_not_in_the_copy(tree: Path, tmp_path: Path) -> None:
    (tree / ".gitignore").unlink()
    copy_tree(state_of(tree), tmp_path / "copy")
    assert not (tmp_path / "copy" / ".gitignore").exists()
    assert (tmp_path / "copy" / "fancy.py").exists()
