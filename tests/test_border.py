"""Imports go one way, and nothing heavy enters a cell."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.__main__ import COMMANDS
from harness.matrix import ROOT

# What stands in every cell beside its framework, for the one file that needs it.
IN_EVERY_CELL = {
    "work.py": {"httpx"}, "web.py": {"fastapi", "pydantic", "uvicorn"},
    "web_client.py": {"aiohttp"},
    "models.py": {"sqlalchemy"},
}  # fmt: skip
STANDARD = sys.stdlib_module_names


def imports(path: Path) -> Iterator[str]:
    """Every module a file imports, late imports too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", files("tasks"), ids=str)
def test_a_cell_holds_the_standard_library_and_one_framework(path: Path) -> None:
    allowed = STANDARD | {"tasks"}
    if path.parent.name == "frameworks":
        allowed |= {"asynctasq": {"asynctasq", "uvloop", "redis", "msgspec"}, "raw": {"redis"}}.get(
            path.stem, {path.stem}
        )
    allowed |= IN_EVERY_CELL.get(path.name, set())
    assert {name.partition(".")[0] for name in imports(path)} <= allowed


@pytest.mark.parametrize("path", [*files("harness"), *files("infrastructure")], ids=str)
def test_the_host_takes_only_layout_and_spec_from_tasks(path: Path) -> None:
    crossing = {name for name in imports(path) if name.partition(".")[0] == "tasks"}
    assert crossing <= {"tasks.records", "tasks.spec"}


@pytest.mark.parametrize("path", files("scenarios"), ids=str)
def test_scenarios_use_the_harness_only(path: Path) -> None:
    ours = {n.partition(".")[0] for n in imports(path)} - STANDARD
    assert ours <= {"harness", "numpy", "scipy"}


@pytest.mark.parametrize("path", files("infrastructure"), ids=str)
def test_infrastructure_does_not_know_plans_or_storage(path: Path) -> None:
    known = {name for name in imports(path) if name.startswith("harness")}
    assert known <= {"harness.errors", "harness.folder", "harness.processes"}


def test_what_nox_imports_is_standard_library() -> None:
    """The noxfile runs before any environment of ours exists."""
    for name in ("matrix", "arms", "options", "errors"):
        heavy = {n.partition(".")[0] for n in imports(ROOT / "harness" / f"{name}.py")} - STANDARD
        assert heavy <= {"harness"}


def test_every_command_is_a_session() -> None:
    """All but ``cells``, which nox asks itself; a function without its decorator is no session."""
    tree = ast.parse((ROOT / "noxfile.py").read_text())
    sessions = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any("nox.session" in ast.unparse(decorator) for decorator in node.decorator_list)
    }
    assert set(COMMANDS) - {"cells"} <= sessions
