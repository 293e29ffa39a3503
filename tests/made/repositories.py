"""Repositories of a small package that builds without the network: its backend is its own."""

import subprocess
from pathlib import Path

BACKEND = r"""
import zipfile

INFO = "fancy-1.0.dist-info"

def build_wheel(folder, *_):
    name = "fancy-1.0-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.write("fancy.py")
        wheel.writestr(f"{INFO}/METADATA", "Metadata-Version: 2.1\nName: fancy\nVersion: 1.0\n")
        wheel.writestr(f"{INFO}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{INFO}/RECORD", "fancy.py,,\n")
    return name
"""
PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "fancy"
version = "1.0"
"""
IDENTITY = ("-c", "user.name=t", "-c", "user.email=t@example.org")


def git(folder: Path, *words: str) -> str:
    """What git answers there; what it commits is by nobody in particular."""
    done = subprocess.run(
        ["git", *IDENTITY, "-C", str(folder), *words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(folder: Path, module: str) -> str:
    """Commit this as its module; the commit."""
    (folder / "fancy.py").write_text(module)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", module)
    return git(folder, "rev-parse", "HEAD")


def repository(folder: Path, module: str = "COST = 1\n") -> Path:
    """A repository with one commit on the branch main."""
    folder.mkdir()
    (folder / "backend.py").write_text(BACKEND)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / ".gitignore").write_text("ignored\n")
    git(folder, "init", "-q", "-b", "main")
    commit(folder, module)
    return folder
