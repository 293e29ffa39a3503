"""Cells some of whose packages come from a tree, a repository or a wheel, or from no lock of ours.

Each becomes a wheel, built from a copy, so that the environment is locked to the hash like any
other and nothing is written into a tree. The other packages stay at the versions of the pinned
lock where that can be, or are those of a day. Lock and sources stay beside the cell.
"""

import csv
import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.cli.environments import ENVIRONMENTS, building, built, interpreter_of, sync_cell
from harness.cli.locks import resolve, without
from harness.cli.matrix import OWN_LOCK, OWN_SOURCES, Cell, Framework, Matrix
from harness.cli.sources import Source, normal
from harness.cli.trees import copy_commit, copy_tree, file_digest, git, state_of
from harness.cli.uv import uv
from infrastructure.errors import UsageError

ARMS = "arms"
SAME_TIME = {"SOURCE_DATE_EPOCH": "315532800"}  # of the files in a wheel: the first that zip knows
KEY_DIGITS = 12


def build_replaced(matrix: Matrix, cell: Cell) -> Path:
    """Its interpreter. Raises BenchError where something cannot be built."""
    python = interpreter_of(matrix, cell)
    framework = matrix.frameworks[cell.framework]
    pinned = next(framework.pins()).lock
    base = pinned.read_text() if pinned.exists() and not cell.as_of else ""
    wanted = [*requirements(framework, cell, python), *cell.requires, *matrix.in_cell]
    dated = ("--exclude-newer", f"{cell.as_of}T23:59:59Z") if cell.as_of else ()
    folder = environment_of(cell, [*wanted, base, *dated])
    environment, lock = built(f"{ARMS}/{folder}", python), ENVIRONMENTS / ARMS / folder / OWN_LOCK
    with building(environment):
        if not lock.exists():
            partial = lock.with_name(f"partial-{OWN_LOCK}")
            partial.write_text(without(base, {normal(s.package) for s in cell.sources}))
            resolve(partial, wanted, cell.python, *dated)
            partial.rename(lock)
    # Beside an adapter of the user's everything may come from the lock: then this is empty.
    (environment / OWN_SOURCES).write_text("".join(f"{s.exactly}\n" for s in cell.sources))
    sync_cell(environment, lock)
    return environment / "bin" / "python"


def environment_of(cell: Cell, parts: Sequence[str]) -> str:
    """The name of its folder: the same for the same packages."""
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:KEY_DIGITS]
    return f"{cell.framework}-{slug(cell.python)}-{key}"


def slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")


def requirements(framework: Framework, cell: Cell, python: str) -> Iterator[str]:
    """What the cell is resolved from, wheels with their place."""
    replaced = {normal(source.package): source for source in cell.sources}
    wanted = framework.requirement
    own = normal(framework.package)
    if wanted and own in replaced:
        yield required(replaced.pop(own), python, wanted)
    elif wanted:
        yield f"{wanted}=={cell.pinned or cell.version}"
    yield from framework.beside
    for source in replaced.values():
        yield required(source, python, source.package)


def required(source: Source, python: str, name: str) -> str:
    if source.kind == "version":
        return f"{name}=={source.place}"
    return f"{name} @ {wheel_of(source, python).as_uri()}"


def wheel_of(source: Source, python: str) -> Path:
    """Its wheel, built where it is not there yet. Raises UsageError."""
    if source.kind == "wheel":
        return Path(source.place)
    key = f"{slug(source.package)}-{source.commit[:KEY_DIGITS]}{source.digest[:KEY_DIGITS]}"
    folder = ENVIRONMENTS / ARMS / "wheels" / f"{key}-{slug(python)}"
    with building(folder):
        if not (wheels := list(folder.glob("*.whl"))):
            build_wheel(source, python, folder)
            wheels = list(folder.glob("*.whl"))
    return wheels[0]


def build_wheel(source: Source, python: str, folder: Path) -> None:
    """Build a copy. What comes of it is moved into the folder when it is whole. Raises UsageError
    where the tree is another by now.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        copy, out = Path(temporary) / "tree", Path(temporary) / "dist"
        part = copied(source, copy)
        # What setuptools left of an earlier build, and would take for the newer sources.
        shutil.rmtree(copy / part / "build" / "lib", ignore_errors=True)
        words = ("--wheel", "--python", python, "--out-dir", str(out))
        uv("build", "-q", *words, str(copy / part), env=SAME_TIME)
        folder.mkdir(parents=True, exist_ok=True)
        for wheel in out.glob("*.whl"):
            shutil.move(wheel, folder)


def copied(source: Source, target: Path) -> str:
    """Copy what the source was when it was settled; the part of it that is the package."""
    if source.kind == "git":
        copy_commit(source.place, source.commit, target)
        local = Path(source.place).is_dir()
        return git(source.place, "rev-parse", "--show-prefix") if local else ""
    state = state_of(Path(source.place))
    if (state.commit, state.digest) != (source.commit, source.digest):
        raise UsageError(f"{source.place} changed while its arm was built: start again")
    copy_tree(state, target)
    return str(Path(source.place).resolve().relative_to(state.top.resolve()))


def code_digest(environment: Path) -> str:
    """SHA-256 of the files that an environment's packages consist of, without what is said of them:
    equal wherever it stands.
    """
    found = hashlib.sha256()
    for record in sorted(environment.glob("lib/python*/site-packages/*.dist-info/RECORD")):
        site = record.parent.parent
        for name, *_ in csv.reader(record.read_text().splitlines()):
            if not name.startswith(("../", "/", record.parent.name)) and not name.endswith(".pyc"):
                found.update(f"{name} {file_digest(site / name)}\n".encode())
    return found.hexdigest()
