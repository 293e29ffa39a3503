"""Sizes as a reader finds them comfortable: of modules, functions and adapters."""

import ast
from functools import cache
from pathlib import Path

import pytest

from infrastructure.root import ROOT

TREES = ("harness", "infrastructure", "scenarios", "tasks", "taskqueue_bench")
ADAPTERS = ROOT / "tasks" / "frameworks"
ADAPTER, LONG_ADAPTER = 150, 250  # lines of a file
LONG = {"asynctasq", "celery"}  # all five brokers
BY_HAND = 40  # tables that are easier to read as somebody has set them


@cache
def texts() -> dict[Path, str]:
    """Every module of ours that is not empty."""
    paths = [ROOT / "noxfile.py", *(p for tree in TREES for p in (ROOT / tree).rglob("*.py"))]
    return {path: text for path in paths if (text := path.read_text())}


def functions() -> dict[str, int]:
    """Lines of every function, its decorators aside, by where it stands."""
    return {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": length(node)
        for path, text in texts().items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def lines(text: str) -> int:
    return len(text.splitlines())


def above(sizes: dict[str, int], most: int) -> dict[str, int]:
    return {name: size for name, size in sizes.items() if size > most}


def test_most_modules_fit_on_a_screen_or_two() -> None:
    sizes = {str(path.relative_to(ROOT)): lines(text) for path, text in texts().items()}
    assert above(sizes, 400) == {}
    assert 10 * len(above(sizes, 250)) <= len(sizes)
    assert 2 * len(above(sizes, 120)) <= len(sizes)


def test_most_functions_fit_in_a_glance() -> None:
    sizes = functions()
    assert above(sizes, 50) == {}
    assert 10 * len(above(sizes, 18)) <= len(sizes)


@pytest.mark.parametrize("framework", sorted(p.name for p in ADAPTERS.iterdir() if p.is_dir()))
def test_a_file_of_an_adapter_has_one_concern(framework: str) -> None:
    most = LONG_ADAPTER if framework in LONG else ADAPTER
    sizes = {path.name: lines(path.read_text()) for path in (ADAPTERS / framework).glob("*.py")}
    assert above(sizes, most) == {}


def test_few_tables_are_formatted_by_hand() -> None:
    """In the tests, too."""
    tests = [path.read_text() for path in (ROOT / "tests").rglob("*.py")]
    skipped = sum(text.count("  # fmt: skip") for text in (*texts().values(), *tests))
    assert skipped <= BY_HAND
