"""SQL stands in files: one query each, which starts with its purpose."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from infrastructure.root import ROOT

TREES = ("harness", "infrastructure", "scenarios", "taskqueue_bench")
QUERY = re.compile(
    r"\bSELECT\b.*\bFROM\b|\bINSERT INTO\b|\bDELETE FROM\b|\bCREATE TABLE\b", re.DOTALL
)
# Examples of what a user types, what the page of the tables is made of, and a count of any table.
NOT_OURS = {
    "harness/commands/query.py",
    "harness/report/query_doc.py",
    "harness/store/schema_doc.py",
    "infrastructure/tables/running.py",
}
FILES = [p for tree in (*TREES, "tasks") for p in sorted((ROOT / tree).rglob("*.sql"))]


def queries(text: str) -> Iterator[str]:
    """Texts of a module that are SQL, those that say what something is aside."""
    for node in ast.walk(ast.parse(text)):
        said = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        for part in () if said else ast.iter_child_nodes(node):
            whole = isinstance(part, ast.JoinedStr) or not isinstance(node, ast.JoinedStr)
            if whole and QUERY.search(found := text_of(part)):
                yield found


def text_of(node: ast.AST) -> str:
    """Of a text, or of one with values in it; empty for all else."""
    if isinstance(node, ast.JoinedStr):
        return "…".join(filter(None, map(text_of, node.values)))
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_python_has_none() -> None:
    found = {
        str(path.relative_to(ROOT)): list(queries(path.read_text()))
        for tree in TREES
        for path in (ROOT / tree).rglob("*.py")
    }
    assert {place for place, own in found.items() if own} <= NOT_OURS


@pytest.mark.parametrize(
    "text", ['ask("SELECT a FROM b")', 'ask(f"SELECT {a} "\n"FROM b")', 'x = """INSERT INTO b"""']
)
def test_some_is_found(text: str) -> None:
    assert len(list(queries(text))) == 1


@pytest.mark.parametrize("text", ['"""SELECT a FROM b."""', 'say("selected from all")'])
def test_words_are_none(text: str) -> None:
    assert list(queries(text)) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_starts_with_its_purpose(path: Path) -> None:
    assert path.read_text().startswith("-- Purpose: ")
