"""docs/architecture.md draws the packages as they are, in the order that the imports keep."""

import re

from infrastructure.root import ROOT
from tests.unit.test_border import ORDER

PAGE = (ROOT / "docs" / "architecture.md").read_text()
SECTION = PAGE.split("\n## Packages in the order in which data flows\n")[1].split("\n## ")[0]
[DRAWN] = re.findall(r"```\n(.*?)```", SECTION, re.DOTALL)


def ranks() -> list[list[str]]:
    """The packages that are drawn, by rank from the top."""
    groups = re.split(r"^─+\n", DRAWN, flags=re.MULTILINE)
    return [[line.split()[0] for line in group.splitlines()] for group in groups]


def test_packages_are_drawn_in_the_order_of_the_border() -> None:
    border = [{name.removeprefix("harness.") for name in packages} for packages in ORDER]
    assert [set(rank) for rank in ranks()] == border


def test_every_package_is_drawn_once_with_its_line() -> None:
    drawn = [name for rank in ranks() for name in rank]
    folders = {path.parent.name for path in (ROOT / "harness").glob("*/__init__.py")}
    assert sorted(drawn) == sorted(folders | {"infrastructure"})
    assert all(re.match(r"\w+ {2,}\S+ \S+", line) for line in DRAWN.splitlines() if line[0] != "─")
