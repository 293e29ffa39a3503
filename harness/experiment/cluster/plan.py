"""What is sent to a machine: a typed plan as text, which names all that is to be carried out.

It holds no code and no secret, and is checked word by word where it arrives.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from harness.cli.arms import ArmRequest, Defaults, parse_arm
from harness.cli.matrix import Matrix
from harness.experiment.cluster.parcel import checked
from harness.experiment.comparison.blocks import Block
from harness.experiment.comparison.comparison import Comparison, Pace
from harness.experiment.comparison.prepare import ComparisonRequest
from harness.machine.commit import code
from harness.scenario.catalogue import Load
from harness.scenario.point import Size
from harness.store.rows import ExperimentRow
from harness.store.vocabulary import Purpose
from infrastructure.errors import UsageError
from infrastructure.redact import redacted

NO_DEFAULTS = Defaults("", None, "")


class Kind(StrEnum):
    """``join``: look at the machine and build its cells. ``learn``: measure what blocks need to
    know. ``block``: measure one.
    """

    JOIN = "join"
    LEARN = "learn"
    BLOCK = "block"


@dataclass(frozen=True)
class Ground:
    """What all of a comparison's work shares, as it was asked for. ``arms``: each in words, with
    everything said. ``code``: a digest of the harness. ``strata``: unlike machines take part.
    """

    experiment: ExperimentRow
    command: str
    arms: tuple[str, ...]
    provider: str
    relaxed: bool
    yes_flush: bool
    scenarios: tuple[str, ...]
    blocks: int
    quick: bool
    factors: tuple[str, ...]
    same: bool
    turns: bool
    only: tuple[str, ...]
    margin: float | None
    code: str
    strata: bool = False

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Self:
        """Of JSON. Raises KeyError or TypeError."""
        words = {name: tupled(value) for name, value in found.items()}
        return cls(**words | {"experiment": ExperimentRow(**found["experiment"])})


@dataclass(frozen=True)
class State:
    """What is known by now, and what the next trial's position is. ``fitted``: by arm, backlogs as
    ``Setup`` has them. ``hopeless``: loads that are too much for the load generator. ``redo``: how
    often a disturbed load is run again.
    """

    size: Size
    capacity: float | None
    paces: tuple[tuple[Load, Pace], ...]
    position: int
    fitted: tuple[tuple[tuple[int, int], ...], ...]
    hopeless: tuple[Load, ...]
    redo: int

    @classmethod
    def of(cls, comparison: Comparison) -> Self:
        return cls(
            comparison.size,
            comparison.capacity,
            tuple(comparison.paces.items()),
            comparison.position,
            tuple(tuple(setup.fitted.items()) for setup in comparison.setups),
            tuple(sorted(comparison.redo.hopeless)),
            comparison.redo.most,
        )

    def into(self, comparison: Comparison) -> None:
        """Let the comparison know it."""
        comparison.size, comparison.capacity = self.size, self.capacity
        comparison.paces, comparison.position = dict(self.paces), self.position
        for setup, fitted in zip(comparison.setups, self.fitted, strict=True):
            setup.fitted = dict(fitted)
        comparison.redo.hopeless, comparison.redo.most = set(self.hopeless), self.redo

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Self:
        """Of JSON. Raises KeyError, TypeError or ValueError."""
        paces = tuple((load_of(load), Pace(*pace[:3])) for load, pace in found["paces"])
        fitted = tuple(tuple((int(n), int(f)) for n, f in arm) for arm in found["fitted"])
        hopeless = tuple(map(load_of, found["hopeless"]))
        return cls(
            Size(**found["size"]),
            found["capacity"],
            paces,
            found["position"],
            fitted,
            hopeless,
            int(found["redo"]),
        )


def load_of(words: Sequence[str]) -> Load:
    scenario, point = words
    return str(scenario), str(point)


@dataclass(frozen=True)
class Work:
    """One thing for a machine to do. ``id``: of this attempt at it, like no other. ``machine``: its
    name. ``state``: None for one that joins. ``block``: None where none is measured.
    """

    id: str
    machine: str
    ground: Ground
    state: State | None = None
    block: Block | None = None

    @property
    def kind(self) -> Kind:
        if self.block:
            return Kind.BLOCK
        return Kind.LEARN if self.state else Kind.JOIN

    def text(self) -> str:
        """As it is sent. Raises UsageError where it would hold a secret."""
        text = json.dumps(asdict(self))
        if redacted(text) != text:
            raise UsageError(
                "--cluster: the plan of a block would hold a password or the like, which the "
                "cluster's scheduler would see; set what needs it on each machine instead"
            )
        return text

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises UsageError for what is no plan."""
        try:
            found = json.loads(text)
            typed = {
                "id": checked(found["id"]),
                "ground": Ground.read(found["ground"]),
                "state": State.read(found["state"]) if found["state"] else None,
                "block": block_of(found["block"]) if found["block"] else None,
            }
            return cls(**found | typed)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UsageError(f"this is no plan of this harness: {error!r}") from None


def tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def block_of(found: Mapping[str, Any]) -> Block:
    return Block(int(found["number"]), tuple(map(int, found["order"])), Purpose(found["purpose"]))


def new_id(experiment: str, what: str) -> str:
    """``20261128-140000-ab12-block-3-5d4c3b2a``."""
    return f"{experiment}-{what}-{secrets.token_hex(4)}"


def mark_of(name: str) -> str:
    """What tells the trials of this work from those of another attempt: ``-5d4c3b2a``."""
    return f"-{name.rpartition('-')[2]}"


def plan_of(asked: ComparisonRequest, comparison: Comparison, matrix: Matrix) -> Ground:
    """Raises UsageError where an arm cannot be said in words alone."""
    server = asked.server
    return Ground(
        comparison.experiment,
        asked.command,
        tuple(in_words(arm, matrix) for arm in asked.arms),
        server.provider,
        server.relaxed,
        server.yes_flush,
        tuple(asked.scenarios),
        comparison.blocks,
        asked.quick,
        tuple(asked.factors),
        asked.same,
        asked.turns,
        tuple(asked.only),
        asked.margin,
        code(),
        asked.strata,
    )


def in_words(arm: ArmRequest, matrix: Matrix) -> str:
    """As it can be typed on every machine. Raises UsageError."""
    words, own = arm.words, arm.sources or arm.adapter or arm.requires
    if own or parse_arm(words, matrix, NO_DEFAULTS) != arm:
        raise UsageError(
            f"--cluster: the arm {arm.label(())} cannot be told to another machine in words: code "
            "and settings of yours stay here; name a pinned version, and settings without a comma"
        )
    return words
