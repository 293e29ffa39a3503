"""Adapters of the user's: files named by ``--adapter``, or by an installed package.

An adapter's file says in ``PIN`` what a pin block of pyproject.toml says. It is read and not
imported, since it imports its framework, which only its cell has.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from harness.cli.matrix import Framework, Matrix
from harness.cli.sources import normal
from infrastructure.errors import UsageError

GROUP = "taskqueue_bench.frameworks"
OPTION = "--adapter"
HOW = 'PIN = {"requirement": "NAME", "versions": ["1.0"], "brokers": ["redis"]}'


def with_adapters(matrix: Matrix, words: Sequence[str]) -> Matrix:
    """The matrix with the frameworks whose adapters the words name. Raises UsageError."""
    own = {f.name: f for f in map(own_framework, adapters_in(words))}
    if taken := sorted(own.keys() & matrix.frameworks.keys()):
        raise UsageError(
            f"there is a framework {taken[0]} already: give {taken[0]}.py another name"
        )
    return replace(matrix, frameworks={**matrix.frameworks, **own})


def adapters_in(words: Sequence[str]) -> Iterator[Path]:
    for word, value in zip(words, [*words, ""][1:], strict=True):
        if word == OPTION:
            yield Path(value)
        elif word.startswith(f"{OPTION}="):
            yield Path(word.removeprefix(f"{OPTION}="))


def own_framework(path: Path) -> Framework:
    """The framework of an adapter's file. Raises UsageError with what the file lacks."""
    if not path.is_file():
        raise UsageError(f"{OPTION}: no file {path}")
    try:
        found = Framework.read(path.stem, pin_of(path), str(path.resolve()))
    except (KeyError, ValueError, TypeError, SyntaxError) as error:
        raise UsageError(f"{path} has no PIN that could be read ({error}); write: {HOW}") from None
    if normal(found.package) == normal(path.stem):
        raise UsageError(
            f"{path} would be imported where {found.package} is meant: give it another name"
        )
    return found


def pin_of(path: Path) -> dict[str, object]:
    """Raises KeyError, ValueError, SyntaxError."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PIN":
            return dict(ast.literal_eval(node.value))
    raise KeyError("PIN")


def with_installed(words: Sequence[str], matrix: Matrix) -> list[str]:
    """The words, with the adapter of each arm that an installed package offers. Raises
    UsageError where its module is not there.
    """
    offered = {point.name: point for point in entry_points(group=GROUP)}
    named = {name for name in offered for word in words if arm_of(word) == name}
    own = sorted(named - matrix.frameworks.keys())
    return [*words, *(word for name in own for word in (OPTION, str(file_of(offered[name]))))]


def arm_of(word: str) -> str:
    """``myqueue`` of ``myqueue==1.0,python=3.13``."""
    return word.partition(",")[0].partition("=")[0].partition("@")[0]


def file_of(point: EntryPoint) -> Path:
    """The file of an entry point's module, which is not imported. Raises UsageError."""
    first, *rest = point.module.split(".")
    found = find_spec(first)
    if found and rest and found.submodule_search_locations:
        path = Path(found.submodule_search_locations[0], *rest).with_suffix(".py")
    else:
        path = Path(found.origin if found and found.origin else "")
    if not path.is_file():
        raise UsageError(f"{GROUP}: {point.name} names {point.module}, which has no file")
    return path
