"""The matrix: which framework versions are measured on which Pythons, read from pyproject.toml.

Imported by the noxfile too, so it needs nothing but the standard library, and runs on the Python
that runs nox.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from infrastructure.root import ROOT

LOCKS = ROOT / "locks"
MODELS = "models"  # folder in a cell: what stands on the path of scenarios that pass models only
MODELS_LOCK = LOCKS / "models.txt"


@dataclass(frozen=True)
class Cell:
    """One framework version; together with a Python it is a session ``bench-PYTHON(id)``."""

    framework: str
    version: str
    newest: bool

    @property
    def id(self) -> str:
        """``asynctasq`` for the newest pinned version, ``asynctasq-1.6.0`` for an older one."""
        return self.framework if self.newest else f"{self.framework}-{self.version}"

    @property
    def lock(self) -> Path:
        return LOCKS / f"{self.framework}-{self.version}.txt"


@dataclass(frozen=True)
class Framework:
    """A pin block of ``[tool.bench.frameworks]``."""

    name: str
    requirement: str
    beside: tuple[str, ...]  # what its cells hold that its own extras do not name
    versions: tuple[str, ...]
    brokers: tuple[str, ...]

    def cells(self) -> Iterator[Cell]:
        for index, version in enumerate(self.versions):
            yield Cell(self.name, version, newest=index == 0)


@dataclass(frozen=True)
class Matrix:
    pythons: tuple[str, ...]
    frameworks: Mapping[str, Framework]
    quickstart: tuple[str, ...]
    in_cell: tuple[str, ...]
    beside_cell: tuple[str, ...]

    @classmethod
    def from_pyproject(cls, document: Mapping[str, Any]) -> "Matrix":
        """Read ``[tool.bench]``. Raises KeyError naming the missing key."""
        table = document["tool"]["bench"]
        frameworks = {
            name: Framework(
                name,
                block["requirement"],
                tuple(block.get("with", ())),
                tuple(block["versions"]),
                tuple(block["brokers"]),
            )
            for name, block in table["frameworks"].items()
        }
        return cls(
            tuple(table["pythons"]), frameworks, tuple(table["quickstart"]),
            tuple(table["in_cell"]), tuple(table["beside_cell"]),
        )  # fmt: skip

    def cells(self) -> list[Cell]:
        return [cell for framework in self.frameworks.values() for cell in framework.cells()]

    def sessions(self) -> list[str]:
        """Every bench session there is, as nox names it."""
        return [f"bench-{python}({cell.id})" for python in self.pythons for cell in self.cells()]


def suggest(word: str, valid: list[str]) -> str:
    """``did you mean …?`` and the valid words, as one sentence for an error message."""
    near = get_close_matches(word, valid, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}valid: {', '.join(valid)}"


def python_candidates(version: str) -> Iterator[str]:
    """Paths that may be Python ``version``: PATH first, then pyenv's and uv's folders."""
    name = f"python{version}"
    for folder in os.get_exec_path():
        if found := shutil.which(name, path=folder):
            yield found
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    managed = Path.home() / ".local/share/uv/python"
    for installed in (*pyenv.glob(f"{version}*"), *managed.glob(f"cpython-{version}.*")):
        yield str(installed / "bin" / name)


def is_python(path: str, version: str) -> bool:
    """True when ``path`` runs and is that version: pyenv's shims exist but fail."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [path, "-I", "-c", code], capture_output=True, text=True, timeout=20, check=False
        )
    except OSError:
        return False
    return answer.stdout.strip() == version


def find_python(version: str) -> str | None:
    """The interpreter of a version such as ``3.12``, or None when this machine has none."""
    return next((p for p in python_candidates(version) if is_python(p, version)), None)
