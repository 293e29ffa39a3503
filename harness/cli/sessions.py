"""The bench sessions, ``bench-PYTHON(PIN)``, as they are asked for."""

from collections.abc import Sequence

from harness.cli.interpreters import interpreters
from harness.cli.matrix import Matrix, suggest
from infrastructure.errors import UsageError

BENCH = "bench"


def benches(asked: Sequence[str], matrix: Matrix) -> list[str]:
    """The words that name bench sessions or groups of them. Raises UsageError for one there is
    not.
    """
    found = [word for word in asked if word.startswith(BENCH)]
    known = {BENCH, *(f"{BENCH}-{python}" for python in matrix.pythons), *matrix.sessions()}
    for word in found:
        if word not in known:
            raise UsageError(f"unknown session {word!r}: {suggest(word, matrix.sessions())}")
    return found


def frameworks_of(found: Sequence[str], matrix: Matrix) -> list[str]:
    """Those that the first bench names; all where it names none."""
    return [name for name in matrix.frameworks if f"({name}" in found[0]] or [*matrix.frameworks]


def cells_asked(words: Sequence[str], matrix: Matrix) -> list[str]:
    """The bench sessions that these words, names of them and of groups among others, stand for."""
    found = tuple(word for word in words if word.startswith(BENCH))
    return [session for session in matrix.sessions() if session.startswith(found)]


def left_out(found: Sequence[str], matrix: Matrix) -> str:
    """Which of the cells asked for cannot be built, since their Python is not here; "" for none."""
    here = interpreters(matrix.pythons)
    cells = cells_asked(found, matrix)
    missed = [session for session in cells if python_of(session) not in here]
    if not missed:
        return ""
    absent = sorted({python_of(session) for session in missed})
    return (
        f"error: no Python {', '.join(absent)} on PATH or under pyenv's versions folder; "
        f"{len(missed)} of {len(cells)} cell(s) are left out, and this run will fail:\n  "
        + "\n  ".join(missed)
        + f"\nInstall it (pyenv install {absent[0]}) or ask for one that is here: "
        + (", ".join(here) or "none is")
    )


def python_of(session: str) -> str:
    """``3.12`` of ``bench-3.12(celery)``."""
    return session.removeprefix(f"{BENCH}-").partition("(")[0]
