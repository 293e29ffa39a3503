"""Imports go one way, and nothing heavy enters a cell."""

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from harness.commands import COMMANDS
from infrastructure.root import ROOT

# What stands in every cell beside its framework, for the one file that needs it.
IN_EVERY_CELL = {
    "work.py": {"httpx"},
    "web.py": {"fastapi", "pydantic", "uvicorn"},
    "web_client.py": {"aiohttp"},
    "models.py": {"sqlalchemy"},
    "codecs.py": {"msgpack"},  # in the cells of the adapters that name it
}
# What an adapter imports that is not named after it.

IN_FRAMEWORK = {
    "asynctasq": {"asynctasq", "uvloop", "redis", "msgspec"},
    "django": {"django", "django_tasks_db"},
    "django_settings": {"pymysql"},
    "oban": {"oban", "orjson", "psycopg", "uvloop"},
    "pgqueuer": {"asyncpg", "pgqueuer", "uvloop"},
    "raw": {"redis", "psycopg", "aiomysql", "aio_pika", "aioboto3", "uvloop"},
    "repid": {"repid", "uvloop"},
    "rq": {"rq", "redis"},
    "saq": {"saq", "redis"},
    "taskiq": {"taskiq", "taskiq_redis", "taskiq_aio_pika"},
}
ADAPTERS = ROOT / "tasks" / "frameworks"
STANDARD = sys.stdlib_module_names


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Every module a file imports, late imports too."""
    return tuple(named(ast.walk(ast.parse(path.read_text()))))


def at_once(tree: ast.AST) -> Iterator[ast.AST]:
    """What runs when a file is imported: all but the bodies of functions, and what is for mypy."""
    yield tree
    for node in ast.iter_child_nodes(tree):
        waits = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if not (waits or (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")):
            yield from at_once(node)


def named(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The modules that nodes import; of ours the very one, where a package is asked for it."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            full = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from {name if name in MODULES else node.module for name in full}


def framework_of(path: Path) -> str:
    """The framework whose adapter a file is, or is a part of; empty for every other file."""
    if not path.is_relative_to(ADAPTERS):
        return ""
    return path.relative_to(ADAPTERS).parts[0].removesuffix(".py").removeprefix("__init__")


def files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def modules() -> dict[str, Path]:
    found = [*files("harness"), *files("infrastructure"), *files("scenarios")]
    names = [".".join(p.relative_to(ROOT).with_suffix("").parts) for p in found]
    return {n.removesuffix(".__init__"): p for n, p in zip(names, found, strict=True)}


MODULES = modules()


@pytest.mark.parametrize("path", files("tasks"), ids=str)
def test_a_cell_holds_the_standard_library_and_one_framework(path: Path) -> None:
    allowed = STANDARD | {"tasks"} | IN_EVERY_CELL.get(path.name, set())
    if framework := framework_of(path):
        allowed |= IN_FRAMEWORK.get(framework, {framework})
        others = {n.split(".")[2] for n in imports(path) if n.startswith("tasks.frameworks.")}
        assert all(name == framework or name.startswith(f"{framework}_") for name in others)
    assert {name.partition(".")[0] for name in imports(path)} <= allowed


@pytest.mark.parametrize("path", [*files("harness"), *files("infrastructure")], ids=str)
def test_the_host_takes_only_layout_and_spec_from_tasks(path: Path) -> None:
    crossing = {name for name in imports(path) if name.partition(".")[0] == "tasks"}
    assert crossing <= {"tasks.records", "tasks.spec"}


# Packages in the order in which data flows, from what a person types down to a file or a process.
# A line may import from the lines below it, and scenarios only what stands there beside them.
ORDER = [
    {"harness.commands"},
    {"harness.prove"},
    {"harness.experiment", "harness.report"},
    {"harness.judge", "harness.trial"},
    {"harness.machine"},
    {"harness.scenario", "harness.store"},
    {"harness.measure", "harness.cli"},
    {"infrastructure"},
]
RANK = {package: rank for rank, packages in enumerate(ORDER) for package in packages}
SHARED = {"harness"}  # its version


def package_of(module: str) -> str:
    """``harness.trial`` of ``harness.trial.live``, ``infrastructure`` of anything in it."""
    top, *rest = module.split(".")
    return f"{top}.{rest[0]}" if top == "harness" and rest else top


def ours(module: str) -> set[str]:
    """Our modules that one imports."""
    return set(imports(MODULES[module])) & set(MODULES)


def wrong_arrows() -> set[str]:
    """Imports between packages that do not go down, as ``from -> to``."""
    found = set()
    for module in MODULES:
        own = package_of(module)
        for other in ours(module):
            theirs = package_of(other)
            if own not in RANK or theirs in {own, *SHARED}:
                continue
            if RANK.get(theirs, -1) <= RANK[own]:
                found.add(f"{module} -> {other}")
    return found


def test_imports_between_packages_go_one_way() -> None:
    assert wrong_arrows() == set()


def circle() -> list[str]:
    """Modules that import each other in a ring, the first of them again at the end; or nothing."""
    left = {module: ours(module) for module in MODULES}
    while free := {module for module, needs in left.items() if not needs}:
        left = {module: needs - free for module, needs in left.items() if module not in free}
    path = [min(left)] if left else []
    while len(set(path)) == len(path) and path:
        path.append(min(left[path[-1]]))
    return path[path.index(path[-1]) :] if path else []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert " -> ".join(circle()) == ""


def test_every_package_has_a_place_in_the_order() -> None:
    packages = {package_of(m) for m in MODULES} - {"scenarios"} - SHARED
    assert packages - set(RANK) <= {"harness.__main__"}


@pytest.mark.parametrize("path", files("scenarios"), ids=str)
def test_scenarios_use_the_verbs_and_the_measures_only(path: Path) -> None:
    known = {n for n in imports(path) if n.partition(".")[0] not in STANDARD}
    packages = {package_of(n) for n in known}
    assert packages <= {"harness.scenario", "harness.measure", "numpy", "scipy"}


NOX = {"harness.commands", "harness.cli", "infrastructure"}


def test_what_nox_imports_is_standard_library() -> None:
    """The noxfile runs before any environment of ours exists. It reads the list of commands, whose
    files import what the work needs where it is done, and not before.
    """
    waiting, seen = {ROOT / "noxfile.py"}, set[Path]()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        for name in named(at_once(ast.parse(path.read_text()))):
            if name in MODULES:
                assert package_of(name) in NOX, f"{path} imports {name}"
                waiting |= {MODULES[name]} - seen
            else:
                assert name.partition(".")[0] in STANDARD | {"nox"}, f"{path} imports {name}"


def test_the_list_of_commands_is_the_files() -> None:
    files = {path.stem for path in (ROOT / "harness" / "commands").glob("*.py")}
    shared = {
        "__init__",
        "comparison",
        "look",
        "measuring",
        "of_arms",
        "pages",
        "piece_by_piece",
        "typed",
    }
    assert files - shared == set(COMMANDS)
