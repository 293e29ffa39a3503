"""Environments that hold what a lock says, to the hash: of the harness, of cells, of tools."""

import fcntl
import hashlib
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.cli.interpreters import interpreters
from harness.cli.matrix import LOCKS, MODELS, MODELS_LOCK, Cell, Matrix, Pin
from harness.cli.uv import uv
from infrastructure.errors import BenchError
from infrastructure.root import BUILT

ENVIRONMENTS = BUILT
COMPILED = ("--compile-bytecode",)


@contextmanager
def building(folder: Path) -> Iterator[None]:
    """Only we build there: another session of this clone that wants to waits, and says so."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.building").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"waiting for another session that builds {folder}", file=sys.stderr, flush=True)
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def unless_current(folder: Path, lock: Path, make: Callable[[], None]) -> None:
    """Call ``make`` unless the folder's stamp says that it holds what the lock says."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = folder / "lock.sha256"
    if holds(stamp, digest):
        return
    with building(folder):
        if holds(stamp, digest):  # made while we waited
            return
        stamp.unlink(missing_ok=True)  # one that breaks off must not pass for the one before
        make()
        stamp.write_text(digest)


def holds(stamp: Path, digest: str) -> bool:
    return stamp.exists() and stamp.read_text() == digest


def sync(environment: Path, lock: Path, *, compiled: bool = True) -> None:
    """Make the environment hold what the lock says and nothing else. ``compiled``: with bytecode,
    most of the work; else Python compiles what is imported, when it first is.
    """
    exact = ("--require-hashes", *COMPILED * compiled, "--allow-empty-requirements")
    unless_current(
        environment,
        lock,
        lambda: uv("pip", "sync", "-q", *exact, "--python", str(environment), str(lock)),
    )


def sync_cell(environment: Path, lock: Path, *, compiled: bool = True) -> None:
    """The same for a cell, with what stands beside it in a folder of its own."""
    sync(environment, lock, compiled=compiled)
    folder = environment / MODELS
    exact = ("--require-hashes", "--no-deps", *COMPILED * compiled)
    where = ("--python", str(environment), "--target", str(folder))

    def make() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        uv("pip", "install", "-q", *exact, *where, "-r", str(MODELS_LOCK))

    unless_current(folder, MODELS_LOCK, make)


def built(name: str, python: str) -> Path:
    """An environment of ours on an interpreter, made where it is not there or its interpreter is
    there no more, as after an upgrade; its folder.
    """
    folder = ENVIRONMENTS / name
    there = folder / "bin" / "python"
    if not there.exists():
        with building(folder):
            if not there.exists():  # made while we waited
                uv("venv", "-q", "--clear", "--python", python, str(folder))
    return folder


def pythons_here(matrix: Matrix) -> dict[str, str]:
    """The declared interpreters that are here. Raises BenchError where none is."""
    if found := interpreters(matrix.pythons):
        return found
    raise BenchError(
        f"No Python {', '.join(matrix.pythons)} found on PATH or under pyenv's versions folder; "
        "where pyenv is elsewhere, PYENV_ROOT=FOLDER says so."
    )


def any_python(matrix: Matrix) -> str:
    """The first of them."""
    return next(iter(pythons_here(matrix).values()))


def harness_python(matrix: Matrix, name: str = "harness") -> Path:
    """The interpreter of the harness's own environment; ``cluster``: of the one with Dask."""
    environment = built(name, any_python(matrix))
    sync(environment, LOCKS / f"{name}.txt")
    return environment / "bin" / "python"


def build_cell(matrix: Matrix, cell: Cell, name: str = "", *, compiled: bool = True) -> Path:
    """A cell outside its own bench session, in that session's environment unless it has a name;
    its interpreter. Raises BenchError where its Python is not here, or it has no lock.
    """
    pin = matrix.pin_of(cell)
    own = f"bench-{cell.python}-{pin.id}".replace(".", "-")
    environment = built(name or own, interpreter_of(matrix, cell))
    sync_cell(environment, locked(pin), compiled=compiled)
    return environment / "bin" / "python"


def interpreter_of(matrix: Matrix, cell: Cell) -> str:
    """What a cell is built on. Raises BenchError where it is not here."""
    here = pythons_here(matrix)
    if cell.python not in here:
        raise BenchError(f"no Python {cell.python} here; ask for one of: {', '.join(here)}")
    return here[cell.python]


def locked(pin: Pin) -> Path:
    """Its lock. Raises BenchError where it has none."""
    if not pin.lock.exists():
        raise BenchError(f"{pin.id} has no lock {pin.lock}: nox -s lock -- {pin.lock.stem}")
    return pin.lock
