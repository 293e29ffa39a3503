"""The lock files: what each is resolved from, and how it is remade."""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.cli.matrix import LOCKS, MODELS_LOCK, Matrix, suggest
from harness.cli.sources import normal
from harness.cli.uv import uv
from infrastructure.errors import UsageError


def lock_requirements(matrix: Matrix, pyproject: Mapping[str, Any]) -> dict[str, list[str]]:
    """By lock file, without its ending: what it is resolved from."""
    groups = pyproject["dependency-groups"]
    project = groups["harness"]
    wanted = {
        "harness": project,
        "cluster": [*project, *groups["cluster"]],
        "dev": [*project, *groups["cluster"], *groups["dev"], "nox"],
        MODELS_LOCK.stem: list(matrix.beside_cell),
        "sqs": groups["sqs"],
        "build": groups["build"],
    }
    for pin in matrix.pins():
        framework = matrix.frameworks[pin.framework]
        pinned = [f"{framework.requirement}=={pin.version}"] if framework.requirement else []
        held = framework.held.get(pin.version, ())
        wanted[pin.lock.stem] = [*pinned, *framework.beside, *held, *matrix.in_cell]
    return wanted


def chosen_locks(
    words: Sequence[str], wanted: Mapping[str, list[str]], frameworks: Sequence[str]
) -> dict[str, list[str]]:
    """Locks by name, by framework, or all. Raises UsageError for a word that names none."""
    if not words:
        return dict(wanted)
    chosen: dict[str, list[str]] = {}
    for word in words:
        found = {n: r for n, r in wanted.items() if n == word or n.startswith(f"{word}-")}
        if not found:
            words = [*frameworks, *(name for name in wanted if "." not in name)]
            raise UsageError(f"no lock {word!r}: {suggest(word, words)}")
        chosen |= found
    return chosen


def compile_lock(name: str, requirements: Sequence[str], oldest_python: str) -> Path:
    """Resolve for every declared Python and platform at once, with the hashes of all files."""
    return resolve(LOCKS / f"{name}.txt", requirements, oldest_python, "--universal", "--upgrade")


def resolve(path: Path, requirements: Sequence[str], python: str, *how: str) -> Path:
    """Write a lock; what it holds already stays at its version unless ``how`` upgrades."""
    source = path.with_suffix(".in")
    source.write_text("\n".join(requirements) + "\n")
    form = ("--generate-hashes", "--no-header", "--no-annotate", "--python-version", python)
    try:
        uv("pip", "compile", "-q", *form, *how, str(source), "-o", str(path))
    finally:
        source.unlink()
    return path


def entries(lock: str) -> list[str]:
    """A lock's entries, each with its hashes."""
    return re.split(r"(?m)^(?=\S)", lock)[1:] if lock else []


def without(lock: str, packages: Collection[str]) -> str:
    """A lock without these packages."""
    return "".join(e for e in entries(lock) if normal(re.split(r"[ =\[]", e)[0]) not in packages)
