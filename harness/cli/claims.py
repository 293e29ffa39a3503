"""Claims that others have published, as ``claims/*.toml`` declares them: one file a claim.

Standard library only: the noxfile reads them to know which cells to build.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from harness.cli.arms import ArmRequest, Defaults, parse_arm
from harness.cli.matrix import Matrix, suggest
from infrastructure.errors import UsageError
from infrastructure.root import ROOT

FOLDER = ROOT / "claims"
# What is measured of a claim, by the table that declares it: under its own conditions as near as
# they can be had; so that the figure is of what the claim is about; and what explains it.
ROLES = {"as_they_did": "as they did", "properly": "properly", "why": "why"}


class Region(NamedTuple):
    """Where an interval has to lie, both ends among it."""

    low: float
    high: float


class Bounds(NamedTuple):
    """Of a ratio or a figure: the region in which a claim is reproduced, and those in which it is
    not. Elsewhere nothing is decided.
    """

    confirm: Region
    refute: tuple[Region, ...]


class Side(NamedTuple):
    """An arm at a load, both as they are typed for ``compare``."""

    arm: str
    load: str

    @property
    def scenario(self) -> str:
        return self.load.partition(" at ")[0]

    @property
    def point(self) -> str:
        """Of the scenario; empty where it has one."""
        return self.load.partition(" at ")[2]


@dataclass(frozen=True)
class Measurement:
    """One figure of a claim: ``metric`` of a side, over that of another where it is a ratio.

    ``claims``: the sentence that its bounds are about.
    """

    role: str
    claims: str
    metric: str
    unit: str
    bounds: Bounds
    side: Side
    over: Side | None = None
    note: str = ""

    @property
    def sides(self) -> tuple[Side, ...]:
        return (self.side,) if self.over is None else (self.side, self.over)


@dataclass(frozen=True)
class PublishedClaim:
    """``claims``: what is claimed, in a sentence; ``seen``: what of its source was read."""

    name: str
    claims: str
    by: str
    url: str
    read: date
    seen: str
    conditions: str
    flaw: str
    measurements: Sequence[Measurement]

    @property
    def sides(self) -> list[Side]:
        """Each once."""
        return list(dict.fromkeys(side for each in self.measurements for side in each.sides))


def claim_files() -> dict[str, Path]:
    """By the claim's name, in the order in which they are measured: ``07-arq-poll.toml``."""
    return {path.stem.partition("-")[2]: path for path in sorted(FOLDER.glob("*.toml"))}


def read_claims(names: Sequence[str] = ()) -> list[PublishedClaim]:
    """Those named, or all, in their order. Raises UsageError."""
    files = claim_files()
    for name in names:
        if name not in files:
            raise UsageError(f"claims: unknown claim {name!r}: {suggest(name, list(files))}")
    return [read_claim(name, file) for name, file in files.items() if not names or name in names]


def read_claim(name: str, file: Path) -> PublishedClaim:
    """Raises UsageError with what the file lacks."""
    said = tomllib.loads(file.read_text())
    try:
        return PublishedClaim(
            name,
            **{key: said[key] for key in ("claims", "by", "url", "read", "seen")},
            conditions=said["conditions"].strip(),
            flaw=said["flaw"].strip(),
            measurements=[measurement(said, role) for role in ROLES if role in said],
        )
    except KeyError as error:
        raise UsageError(f"{file}: it does not say {error}") from None


def measurement(said: Mapping[str, Any], role: str) -> Measurement:
    """Of a table, with the claim's own sentence and bounds where it says nothing else. Raises
    KeyError.
    """
    own = {"claims": said["claims"], "metric": "drain_rate", "unit": "tasks/s", **said[role]}
    if "confirm" not in own:
        own |= {"confirm": said["confirm"], "refute": said["refute"]}
    return Measurement(
        ROLES[role],
        own["claims"],
        own["metric"],
        own["unit"],
        Bounds(Region(*own["confirm"]), regions(own["refute"])),
        side(own["of"], own),
        side(own["over"], own) if "over" in own else None,
        own.get("note", "").strip(),
    )


def regions(said: Sequence[Any]) -> tuple[Region, ...]:
    """Of ``[2, inf]``, or of several such: ``[[0, 0.95], [2, inf]]``."""
    several = said if isinstance(said[0], list) else [said]
    return tuple(Region(*each) for each in several)


def side(arm: str | Mapping[str, str], said: Mapping[str, Any]) -> Side:
    """An arm at the load of its table, or ``{ arm = …, load = … }`` at one of its own."""
    if isinstance(arm, str):
        return Side(arm, said["load"])
    return Side(arm["arm"], arm["load"])


def sides_of(claims: Iterable[PublishedClaim]) -> list[Side]:
    """Of all of them, each once."""
    return list(dict.fromkeys(side for claim in claims for side in claim.sides))


def requests(claims: Sequence[PublishedClaim], matrix: Matrix) -> Mapping[Side, ArmRequest]:
    """The arm of each side. Raises UsageError."""
    return {side: request_of(side, matrix) for side in sides_of(claims)}


def request_of(side: Side, matrix: Matrix) -> ArmRequest:
    """On the first Python, and on its framework's first broker unless it names another. Raises
    UsageError.
    """
    return parse_arm(side.arm, matrix, Defaults(matrix.pythons[0], None, "matched"))
