"""Adapters as they stand in their files: a framework can be imported in its own cell only."""

import ast
import tomllib
from collections.abc import Iterator, Mapping

from infrastructure.root import ROOT

FRAMEWORKS = ROOT / "tasks" / "frameworks"


def read_facts() -> dict[str, dict[str, str]]:
    """What each framework can do, by its name and those of ``tasks.adapter.CAPABILITIES``."""
    return tomllib.loads((FRAMEWORKS / "facts.toml").read_text())


class Source:
    """An adapter's files as trees, by name; ``main`` is what ``tasks.adapter`` imports."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.trees = {name: ast.parse(text) for name, text in texts.items()}
        self.main = self.trees["__init__"]

    @classmethod
    def of(cls, framework: str) -> "Source":
        """Of ``tasks/frameworks/FRAMEWORK.py``, or of the package of that name."""
        alone = FRAMEWORKS / f"{framework}.py"
        files = [alone] if alone.exists() else sorted((FRAMEWORKS / framework).glob("*.py"))
        return cls({"__init__" if f == alone else f.stem: f.read_text() for f in files})

    def nodes(self) -> Iterator[ast.AST]:
        for tree in self.trees.values():
            yield from ast.walk(tree)

    def gaps(self) -> set[str] | None:
        """What a scenario may take that the adapter cannot give; None where it states no GAPS."""
        value = self._assigned("GAPS")
        if not isinstance(value, ast.Dict):
            return None
        return {ast.literal_eval(key) for key in value.keys if key}

    def gives(self) -> set[str]:
        """What it can give of that which few can: the third argument of ``tasks.profiles.refuse``,
        a set or the name of one.
        """
        calls = (node for node in self.nodes() if isinstance(node, ast.Call))
        said = [c.args[2] for c in calls if called(c) == "refuse" and len(c.args) > 2]
        sets = [self._assigned(each.id) if isinstance(each, ast.Name) else each for each in said]
        return {
            ast.literal_eval(e) for each in sets if isinstance(each, ast.Set) for e in each.elts
        }

    def _assigned(self, name: str) -> ast.expr | None:
        """What stands for a name at the top of one of the files."""
        for tree in self.trees.values():
            for node in tree.body:
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
                    return node.value
                if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name:
                    return node.value
        return None


def called(call: ast.Call) -> str:
    """The name of the function, without its module's."""
    return ast.unparse(call.func).rpartition(".")[2]
