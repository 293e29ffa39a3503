"""The matrix: which framework versions are measured on which Pythons, read from pyproject.toml.

Imported by the noxfile too, so it needs nothing but the standard library, and runs on the Python
that runs nox.
"""

import json
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from harness.cli.sources import Source
from infrastructure.root import ROOT

LOCKS = ROOT / "locks"
OWN_LOCK = "lock.txt"  # beside a cell with packages from elsewhere: its lock,
OWN_SOURCES = "sources.txt"  # and what each of them was, a line a package
MODELS = "models"  # folder in a cell: what stands on the path of scenarios that pass models only
MODELS_LOCK = LOCKS / "models.txt"


@dataclass(frozen=True)
class Pin:
    """One framework version; together with a Python it is a cell."""

    framework: str
    version: str
    newest: bool

    @property
    def id(self) -> str:
        """``asynctasq`` for the newest pinned version, ``asynctasq-1.6.0`` for an older one."""
        return self.framework if self.newest else f"{self.framework}-{self.version}"

    @property
    def lock(self) -> Path:
        return LOCKS / f"{self.framework}-{self.version}.txt"


@dataclass(frozen=True)
class Cell:
    """One framework version on one Python, in an environment of its own."""

    framework: str
    version: str  # with what is replaced, in words
    python: str
    pinned: str = ""  # the version alone where something is replaced
    sources: tuple[Source, ...] = ()  # of packages that do not come from its lock
    requires: tuple[str, ...] = ()  # what a workload of the user's imports
    as_of: str = ""  # the day (YYYY-MM-DD) whose packages it holds; empty: those of a pinned lock

    @classmethod
    def read(cls, line: str) -> "Cell":
        """Of a line that ``line`` wrote."""
        fields = json.loads(line)
        sources = tuple(Source(**each) for each in fields["sources"])
        return cls(**{**fields, "sources": sources, "requires": tuple(fields["requires"])})

    def line(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Framework:
    """A pin block of ``[tool.bench.frameworks]``. ``held``: what cells of a version hold beside
    that, where its own requirements allow what it fails with.
    """

    name: str
    requirement: str
    beside: tuple[str, ...]  # what its cells hold that its own extras do not name
    versions: tuple[str, ...]
    brokers: tuple[str, ...]
    adapter: str = ""  # a file of the user's
    held: Mapping[str, Sequence[str]] = field(default_factory=dict, compare=False)

    @classmethod
    def read(cls, name: str, block: Mapping[str, Any], adapter: str = "") -> "Framework":
        """Of a pin block. Raises KeyError naming the missing key."""
        beside, versions = tuple(block.get("with", ())), tuple(block["versions"])
        brokers, held = tuple(block["brokers"]), block.get("held", {})
        return cls(name, block["requirement"], beside, versions, brokers, adapter, held)

    @property
    def package(self) -> str:
        """The distribution's name; empty where it is part of this project."""
        return self.requirement.partition("[")[0]

    def pins(self) -> Iterator[Pin]:
        for index, version in enumerate(self.versions):
            yield Pin(self.name, version, newest=index == 0)


@dataclass(frozen=True)
class Matrix:
    pythons: tuple[str, ...]
    frameworks: Mapping[str, Framework]
    quickstart: tuple[str, ...]
    in_cell: tuple[str, ...]
    beside_cell: tuple[str, ...]

    @classmethod
    def from_pyproject(cls, document: Mapping[str, Any]) -> "Matrix":
        """Read ``[tool.bench]``. Raises KeyError naming the missing key."""
        table = document["tool"]["bench"]
        frameworks = {n: Framework.read(n, block) for n, block in table["frameworks"].items()}
        names = ("pythons", "quickstart", "in_cell", "beside_cell")
        pythons, *others = (tuple(table[name]) for name in names)
        return cls(pythons, frameworks, *others)

    def pins(self) -> list[Pin]:
        return [pin for framework in self.frameworks.values() for pin in framework.pins()]

    def pin_of(self, cell: Cell) -> Pin:
        """Raises KeyError for a framework, StopIteration for a version that is not pinned."""
        pins = self.frameworks[cell.framework].pins()
        return next(pin for pin in pins if pin.version == cell.version)

    def pinned(self, cell: Cell) -> bool:
        """Whether its lock is one of ours."""
        return cell.version in self.frameworks[cell.framework].versions and not cell.as_of

    def newest(self, frameworks: Collection[str], python: str) -> list[Cell]:
        """Cells of the newest pinned versions."""
        pins = (pin for pin in self.pins() if pin.newest and pin.framework in frameworks)
        return [Cell(pin.framework, pin.version, python) for pin in pins]

    def oldest(self, python: str) -> list[Cell]:
        """Cells of the oldest pinned versions, where there is more than one."""
        several = (each for each in self.frameworks.values() if len(each.versions) > 1)
        return [Cell(each.name, each.versions[-1], python) for each in several]

    def sessions(self) -> list[str]:
        """Every bench session there is, as nox names it."""
        return [f"bench-{python}({pin.id})" for python in self.pythons for pin in self.pins()]


def suggest(word: str, valid: list[str]) -> str:
    """``did you mean …?`` and the valid words, as one sentence for an error message. Nothing is
    near to a path: who types one means what stands there.
    """
    words = [each for each in valid if each]  # an empty one can be left out, and not typed
    near = [] if "/" in word else get_close_matches(word, words, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}valid: {', '.join(words) or 'none here'}"


def read_matrix() -> Matrix:
    """The matrix of ``pyproject.toml``."""
    return Matrix.from_pyproject(tomllib.loads((ROOT / "pyproject.toml").read_text()))
