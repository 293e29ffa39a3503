"""Which of the declared Pythons are on this machine."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path


def python_candidates(version: str) -> Iterator[str]:
    """Paths that may be Python ``version``: PATH first, then pyenv's and uv's folders."""
    name = f"python{version}"
    for folder in os.get_exec_path():
        if found := shutil.which(name, path=folder):
            yield found
    for installed in (*inside(pyenv(), f"{version}*"), *inside(managed(), f"cpython-{version}.*")):
        yield str(installed / "bin" / name)


def pyenv() -> Path:
    """Where pyenv keeps its Pythons."""
    return Path(os.environ.get("PYENV_ROOT") or home() / ".pyenv") / "versions"


def managed() -> Path:
    """Where uv keeps its own, as its documentation says it."""
    data = Path(os.environ.get("XDG_DATA_HOME") or home() / ".local" / "share")
    return Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python")


def home() -> Path:
    """The user's folder; one that does not exist where he has none."""
    try:
        return Path.home()
    except RuntimeError:
        return Path("/nonexistent")


def inside(folder: Path, pattern: str) -> list[Path]:
    """What stands there and may be read."""
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []


def is_python(path: str, version: str) -> bool:
    """True when ``path`` runs and is that version: pyenv's shims exist but fail."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [path, "-I", "-c", code], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.stdout.strip() == version


def find_python(version: str) -> str | None:
    """The interpreter of a version such as ``3.12``, or None when this machine has none."""
    return next((p for p in python_candidates(version) if is_python(p, version)), None)


@cache
def interpreters(versions: Sequence[str]) -> dict[str, str]:
    """Those of the versions that are here, in their order, with their paths."""
    found = {version: find_python(version) for version in versions}
    return {version: path for version, path in found.items() if path}


def first_python(versions: Sequence[str]) -> str:
    """The first version that is here; where none is, the first of all, which then is missed."""
    return next(iter(interpreters(versions)), versions[0])
