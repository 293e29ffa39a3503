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


@cache
def interpreters(versions: Sequence[str]) -> dict[str, str]:
    """Those of the versions that are here, in their order, with their paths."""
    found = {version: find_python(version) for version in versions}
    return {version: path for version, path in found.items() if path}


def first_python(versions: Sequence[str]) -> str:
    """The first version that is here; where none is, the first of all, which then is missed."""
    return next(iter(interpreters(versions)), versions[0])
