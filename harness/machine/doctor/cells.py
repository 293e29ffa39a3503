"""Topics of the cells: which Pythons are here, and which locks."""

from pathlib import Path

from harness.cli.interpreters import find_python
from harness.cli.matrix import LOCKS, Matrix
from harness.machine.doctor.findings import Finding, missing, ok


def pythons(matrix: Matrix) -> list[Finding]:
    """The declared interpreters."""
    return [python(version) for version in matrix.pythons]


def python(version: str) -> Finding:
    path = find_python(version)
    if path:
        return ok(f"Python {version}", path)
    return missing(
        f"Python {version}",
        "not on PATH, nor in pyenv's or uv's folder",
        f"its cells cannot run: pyenv install {version} (or: uv python install {version})",
    )


def locks(matrix: Matrix) -> list[Finding]:
    """Cells whose lock exists, by framework; and the harness's own locks."""
    own = {name: LOCKS / f"{name}.txt" for name in ("harness", "dev")}
    return [
        *(
            locked(name, {pin.id: pin.lock for pin in framework.pins()})
            for name, framework in matrix.frameworks.items()
        ),
        locked("the harness", own),
    ]


def locked(item: str, files: dict[str, Path]) -> Finding:
    """One line for a group of locks, by the name of what each builds."""
    absent = [name for name, path in files.items() if not path.exists()]
    if absent:
        return missing(item, f"no lock for {', '.join(absent)}", "nox -s lock")
    return ok(item, f"locked: {', '.join(files)}")
