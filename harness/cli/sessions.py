"""Sessions of nox as they are asked for, ``bench-PYTHON(PIN)`` among them."""

import shlex
import textwrap
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from harness.cli.interpreters import interpreters
from harness.cli.matrix import Matrix
from infrastructure.counted import counted
from infrastructure.errors import UsageError

BENCH = "bench"
NAMED_BY = {"-s", "-e", "--session", "--sessions"}
ALIKE = 0.7  # difflib's ratio: celery is nothing like bench-3.12(celery), and bench-3.12(celry) is


def sessions_asked(argv: Sequence[str]) -> Iterator[str]:
    """The words that nox takes for names of sessions."""
    naming = False
    for word in argv:
        option, given, name = word.partition("=")
        if word.startswith("-"):
            naming = option in NAMED_BY
            if naming and given:
                yield name
        elif naming:
            yield word


def check_sessions(asked: Sequence[str], known: Sequence[str], matrix: Matrix) -> None:
    """Raises UsageError for a name that is none: misspelt, or an argument without ``--``."""
    there = {*known, BENCH, *(f"{BENCH}-{p}" for p in matrix.pythons), *matrix.sessions()}
    strange = [word for word in asked if word not in there]
    if not strange:
        return
    near = get_close_matches(strange[0], sorted(there), n=3, cutoff=ALIKE)
    if not near and asked[0] in there:
        words = shlex.join(asked[asked.index(strange[0]) :])
        raise UsageError(
            f"no session {strange[0]!r}. If it belongs to {asked[0]}, -- has to stand before it: "
            f"nox -s {shlex.quote(asked[0])} -- {words}"
        )
    hint = f"did you mean {' or '.join(map(repr, near))}? " if near else ""
    raise UsageError(f"no session {strange[0]!r}: {hint}nox -l lists all there are")


def frameworks_of(cells: Sequence[str], matrix: Matrix) -> list[str]:
    """Those that the first bench names; all where it names none."""
    named = [name for name in matrix.frameworks if cells and f"({name}" in cells[0]]
    return named or [*matrix.frameworks]


def cells_asked(asked: Sequence[str], matrix: Matrix) -> list[str]:
    """The bench sessions that these names, of sessions and of groups of them, stand for."""
    found = tuple(word for word in asked if word.startswith(BENCH))
    return [session for session in matrix.sessions() if session.startswith(found)]


def parted(cells: Sequence[str], matrix: Matrix) -> tuple[list[str], list[str]]:
    """Bench sessions whose Python is here, and the others."""
    here = interpreters(matrix.pythons)
    found = [session for session in cells if python_of(session) in here]
    return found, [session for session in cells if session not in found]


def left_out(cells: Sequence[str], matrix: Matrix) -> str:
    """Which of the cells cannot be built, since their Python is not here; "" for none."""
    _, missed = parted(cells, matrix)
    if not missed:
        return ""
    absent = sorted({python_of(session) for session in missed})
    shown = missed if len(missed) <= 3 else [*missed[:2], f"… and {len(missed) - 2} more"]
    return (
        f"error: no Python {', '.join(absent)} on PATH or under pyenv's versions folder; "
        f"left out: {len(missed)} of {counted(len(cells), 'cell')}, so this run will fail:\n  "
        + "\n  ".join(shown)
        + f"\nInstall it (pyenv install {absent[0]}) or ask for one that is here: "
        + (", ".join(interpreters(matrix.pythons)) or "none is")
    )


def overview(matrix: Matrix) -> str:
    """The cells that can be asked for, in a few lines."""
    cells = textwrap.fill(" ".join(pin.id for pin in matrix.pins()), 96, break_on_hyphens=False)
    return f"PYTHON: {' '.join(matrix.pythons)}\nCELL:\n{textwrap.indent(cells, '  ')}"


def python_of(session: str) -> str:
    """``3.12`` of ``bench-3.12(celery)``."""
    return session.removeprefix(f"{BENCH}-").partition("(")[0]
