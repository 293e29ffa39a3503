"""Which harness this is: its commit, and a digest of its files."""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from harness.machine.reading import UNREADABLE
from infrastructure.root import ROOT

ASKED_S = 20.0
# What a measurement hangs on; a wheel has these too.
CODE = ("harness", "infrastructure", "scenarios", "tasks", "locks", "pyproject.toml")


def commit(root: Path = ROOT) -> str:
    """The git commit, with a + when the tree has changes; unreadable without git or outside it."""
    # No repository above ours, and none that the caller's GIT_DIR names, is meant.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    ours = {**kept, "GIT_CEILING_DIRECTORIES": str(root.parent), "GIT_OPTIONAL_LOCKS": "0"}
    asked = ["git", "-C", str(root), "describe", "--always", "--dirty=+", "--exclude=*"]
    try:
        done = subprocess.run(
            asked,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            env=ours,
            timeout=ASKED_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return UNREADABLE
    return done.stdout.strip() or UNREADABLE


def code(root: Path = ROOT) -> str:
    """A digest of the harness, its matrix and its locks, whatever git says of them."""
    digest = hashlib.sha256()
    for path in sorted(files_of(root)):
        digest.update(f"{path.relative_to(root)} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def files_of(root: Path) -> Iterator[Path]:
    for place in map(root.joinpath, CODE):
        found = place.rglob("*") if place.is_dir() else [place]
        yield from (each for each in found if each.is_file() and "__pycache__" not in each.parts)
