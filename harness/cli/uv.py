"""uv, which nox's own environment brings, and what else we call to build environments."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from infrastructure.errors import BenchError

LEAKS = {"VIRTUAL_ENV", "UV_PYTHON"}
NOTHING: Mapping[str, str] = {}


def clean_environment() -> dict[str, str]:
    """The caller's, without what would change a child's Python or the one that uv chooses; its
    files are UTF-8 in any locale.
    """
    kept = {name: value for name, value in os.environ.items() if not leaks(name)}
    return {**kept, "PYTHONUTF8": "1"}


def leaks(name: str) -> bool:
    return name.startswith("PYTHON") or name in LEAKS


def uv(*arguments: str, env: Mapping[str, str] = NOTHING) -> None:
    """Run uv; what it says is shown when it fails. Raises BenchError."""
    from uv import find_uv_bin

    quietly("uv", [find_uv_bin()], arguments, env=env)


def quietly(
    name: str,
    program: Sequence[str],
    arguments: Sequence[str],
    folder: Path | None = None,
    env: Mapping[str, str] = NOTHING,
) -> None:
    """Run a program and show what it says only when it fails. Raises BenchError."""
    done = subprocess.run(
        [*program, *arguments],
        cwd=folder,
        env={**clean_environment(), **env},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise BenchError(f"{name} {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
