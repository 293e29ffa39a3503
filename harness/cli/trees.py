"""Working trees and repositories of other projects: what they hold, and copies of it.

Nothing is written into them and nothing of theirs is run: git is told to leave index and hooks
alone.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from infrastructure.errors import UsageError

COMMIT_DIGITS = 40
UNTOUCHED = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
SKIPPED = {"__pycache__", ".venv"}  # of a folder that no git keeps


@dataclass(frozen=True)
class State:
    """``top``: where the tree begins. ``commit``: empty where no git keeps it. ``changed``: names
    of files that differ from it, all files without it; ``digest``: of those, empty for none.
    """

    top: Path
    commit: str
    changed: tuple[str, ...]
    digest: str


def git(folder: str | Path, *words: str) -> str:
    """What git says. Raises UsageError with its words."""
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    command = ["git", *UNTOUCHED, "-C", str(folder), *words]
    try:
        done = subprocess.run(command, capture_output=True, env=environment, check=False)
    except FileNotFoundError:
        raise UsageError("arms from repositories need git, which is not on PATH") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise UsageError(f"git {words[0]} in {folder}: {said or 'no such thing'}")
    return os.fsdecode(done.stdout).removesuffix("\n")


def commit_of(folder: str, ref: str) -> str:
    """The commit of a ref of a local repository. Raises UsageError."""
    try:
        return git(folder, "rev-parse", "--verify", f"{ref}^{{commit}}")
    except UsageError as error:
        raise UsageError(
            f"no ref {ref!r} in {folder}: {error}; git:REF is of the repository that you stand in, "
            "git:FOLDER#REF of another"
        ) from None


def commits_between(repository: str, old: str, new: str) -> list[str]:
    """The commits from one to the other, oldest first, both ends among them; of merges the line
    that they were merged into. Raises UsageError where there is no way.
    """
    ends = [commit_of(repository, ref) for ref in (old, new)]
    lines = git(repository, "rev-list", "--reverse", "--first-parent", f"{ends[0]}..{ends[1]}")
    found = [ends[0], *lines.split()]
    if len(found) < 2 or git(repository, "merge-base", *ends) != ends[0]:
        raise UsageError(f"{old} is no ancestor of {new} in {repository}: name the older one first")
    return found


def subject(repository: str, commit: str) -> str:
    """The first line of its message."""
    return git(repository, "log", "-1", "--format=%s", commit)


def remote_commit(url: str, ref: str) -> str:
    """The commit of a branch or tag at an address. Raises UsageError."""
    if len(ref) == COMMIT_DIGITS and set(ref) <= set("0123456789abcdef"):
        return ref
    lines = git(".", "ls-remote", "--", url, ref, f"{ref}^{{}}").splitlines()
    if not lines:
        raise UsageError(f"no branch or tag {ref!r} at {url}")
    return lines[-1].split()[0]  # the last is what an annotated tag is of


def state_of(folder: Path) -> State:
    """What a folder holds now. Raises UsageError."""
    if not folder.is_dir():
        raise UsageError(f"no folder {folder}")
    try:
        top = Path(git(folder, "rev-parse", "--show-toplevel"))
    except UsageError as error:
        if "not a git repository" not in str(error):
            raise
        names = tuple(sorted(files_below(folder)))
        return State(folder, "", names, digest_of(folder, names))
    differing = git(
        top,
        "diff",
        "--name-only",
        "-z",
        "--no-ext-diff",
        "--no-renames",
        "--ignore-submodules=all",
        "HEAD",
    )
    new = git(top, "ls-files", "-z", "--others", "--exclude-standard")
    names = tuple(sorted({*differing.split("\0"), *new.split("\0")} - {""}))
    return State(top, commit_of(str(top), "HEAD"), names, digest_of(top, names) if names else "")


def files_below(folder: Path) -> Iterable[str]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if not SKIPPED & set(name.parts) and not path.is_dir():
            yield str(name)


def digest_of(top: Path, names: Iterable[str]) -> str:
    """SHA-256 of files with their names, and of what is no longer there."""
    found = hashlib.sha256()
    for name in names:
        path = top / name
        found.update(os.fsencode(name) + b"\0")
        if path.is_symlink():
            found.update(b"link" + os.fsencode(path.readlink()))
        elif path.is_file():
            found.update(b"file" + file_digest(path).encode())
    return found.hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file. Raises UsageError where there is none."""
    if not path.is_file():
        raise UsageError(f"no file {path}")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_commit(repository: str, commit: str, target: Path) -> None:
    """A clone of a folder's or an address's repository, at a commit. Raises UsageError."""
    local = Path(repository).is_dir()
    place = git(repository, "rev-parse", "--absolute-git-dir") if local else repository
    shared = ["--shared"] if local else []
    git(".", "clone", "-q", "--no-checkout", "--template=", *shared, "--", place, str(target))
    git(target, "checkout", "-q", "--detach", commit)


def copy_tree(state: State, target: Path) -> None:
    """A copy of a tree as it is. Raises UsageError where it has changed since it was looked at."""
    if state.commit:
        copy_commit(str(state.top), state.commit, target)
    for name in state.changed:
        there, copy = state.top / name, target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.unlink(missing_ok=True)
        if there.is_symlink() or there.is_file():
            shutil.copy2(there, copy, follow_symlinks=False)
    if state.changed and digest_of(target, state.changed) != state.digest:
        raise UsageError(f"{state.top} changed while it was copied: start again")
