"""One interleaved experiment: what is compared, and how far it has come."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console

from harness.cli.console import console
from harness.cli.forecast import Planned
from harness.experiment.capacity import CALIBRATOR, OVERLOADER, overload_point
from harness.experiment.expected import Expectations
from harness.experiment.order import in_order
from harness.experiment.redo import Redo
from harness.judge.planning import least_for
from harness.machine.cores import Cores
from harness.scenario.catalogue import Load, is_open_loop, load_scenario, load_words
from harness.scenario.point import USUAL_RATE, Point, Size
from harness.scenario.primary import Primary
from harness.scenario.scenario import Scenario
from harness.scenario.seats import PINNED
from harness.store.rows import ExperimentRow
from harness.trial.plan import Setup

FULL_S, QUICK_S = 4.0, 2.0  # of each arm in each block in turns
# In turns, at most: arms start anew in every block, side by side.
WARMUP_S, IDLE_S, LATE_S = 1.0, 0.3, 1.0


class Key(NamedTuple):
    """A metric at a load."""

    scenario: str
    point: str
    metric: str

    @property
    def load(self) -> Load:
        return self.scenario, self.point


class Pair(NamedTuple):
    """Arms by number: the candidate is judged against the baseline."""

    baseline: int
    candidate: int


class Pace(NamedTuple):
    """How arms take turns: the seconds of a turn, those at its beginning that are in no rate, and
    each arm's tasks/s, empty where all are offered the same. ``sets``: of cores, one for each arm,
    where all work at once; empty where one works at a time.
    """

    window_s: float
    settle_s: float
    rates: Sequence[float]
    sets: Sequence[Cores] = ()


class Question(NamedTuple):
    """What one verdict will be about."""

    key: Key
    pair: Pair


@dataclass
class Comparison:
    """``setups`` and ``names`` by arm, in order; ``blocks`` and ``size`` until a pilot says better.

    ``redo``: of loads of a block. ``typed``: the command that it is. ``only``: these of the
    scenarios' loads, in words; all where empty. ``margin``: what matters of every metric, None for
    each one's own. ``turns``: arms take turns where they can; ``paces``: how, by load, once that is
    known; ``sets``: of cores, on which they work at once instead. ``pinned``: each worker process
    has a core of its own. ``mark``: what tells its trials
    from those of the same places that another machine began. ``lost``: sentences about what was
    done again since its machine was lost. ``describes``: why no verdict may be given, empty where
    one may. ``ground``: what the machines are where others than this one measure, by field.
    """

    setups: Sequence[Setup]
    names: Sequence[str]
    pairs: Sequence[Pair]
    scenarios: dict[str, Scenario]
    size: Size
    blocks: int
    max_time_s: float | None
    experiment: ExperimentRow
    database: Path
    console: Console = console
    redo: Redo = field(default_factory=Redo)
    capacity: float | None = None
    typed: str = ""
    only: Sequence[str] = ()
    margin: float | None = None
    turns: bool = False
    paces: dict[Load, Pace] = field(default_factory=dict)
    sets: Sequence[Cores] = ()
    pinned: bool = False
    position: int = 0
    mark: str = ""
    lost: list[str] = field(default_factory=list)
    describes: str = ""
    ground: Mapping[str, Sequence[str]] = field(default_factory=dict)
    begun: float = field(default_factory=time.monotonic)

    @property
    def id(self) -> str:
        return self.experiment.experiment_id

    @property
    def seed(self) -> int:
        return self.experiment.seed

    @property
    def title(self) -> str:
        """Candidates first, as in every verdict."""
        first, *others = self.names
        if all(pair.baseline == 1 for pair in self.pairs):
            return f"{', '.join(others)} against {first}"
        return " against ".join(reversed(self.names))

    @property
    def fetched(self) -> bool:
        """Whether its trials stay in the spool, for a session elsewhere that stores them."""
        return self.setups[0].fetched

    def name(self, arm: int) -> str:
        """Of an arm by number."""
        return self.names[arm - 1]

    def next_trial(self) -> tuple[str, int]:
        """Id and position of the next trial by position."""
        self.position += 1
        return f"{self.id}-{self.position:04}{self.mark}", self.position

    def points(self) -> list[tuple[str, Point]]:
        order = in_order(self.scenarios.values())
        found = [(s.name, p.offered(self.capacity)) for s in order for p in s.points(self.size)]
        return [(n, p) for n, p in found if not self.only or load_words((n, p.label)) in self.only]

    def loads(self) -> list[Load]:
        """Backlogs first, then open loops by load."""
        return [(name, p.label) for name, p in self.points()]

    def point(self, load: Load) -> Point:
        return next(p for name, p in self.points() if (name, p.label) == load)

    def options(self, scenario: Scenario, point: Point) -> dict[str, Any]:
        """Of a trial at this point. Workers of an open loop are never pinned."""
        pinned = self.pinned and not is_open_loop(scenario)
        return {**point.options, **({PINNED: True} if pinned else {})}

    def metrics(self) -> list[Key]:
        """The metrics that verdicts are about, named before the run."""
        return [
            Key(scenario, point, metric)
            for scenario, point in self.loads()
            for metric in self.scenarios[scenario].primary_names
        ]

    def questions(self) -> list[Question]:
        """The family: every metric of every pair."""
        return [Question(key, pair) for key in self.metrics() for pair in self.pairs]

    @property
    def claims(self) -> int:
        return len(self.questions())

    @property
    def least_blocks(self) -> int:
        """The fewest blocks with which anything can be found among its claims."""
        return least_for(self.claims)

    def primary(self, key: Key) -> Primary:
        known = self.scenarios[key.scenario].primary_named(key.metric)
        return known if self.margin is None else replace(known, margin=self.margin)

    @property
    def measured_s(self) -> float:
        """How long each arm works in a block in turns."""
        return QUICK_S if self.size.scale < 1 else FULL_S

    def needs_capacity(self) -> bool:
        """Whether a load that is asked for is a share of it, and nobody has measured it."""
        offered = (is_open_loop(self.scenarios[scenario]) for scenario, _ in self.loads())
        return self.capacity is None and any(offered)

    def has_to_learn(self) -> bool:
        """Whether something has to be measured before the first block."""
        return self.needs_capacity() or any(map(self.takes_turns, self.loads()))

    @cached_property
    def expected(self) -> list[Expectations]:
        """How long each arm's trials take, as far as is known."""
        return [Expectations(setup) for setup in self.setups]

    def planned(self, load: Load) -> list[Planned]:
        """Every arm once at this load."""
        scenario, point = self.scenarios[load[0]], self.point(load)
        if self.takes_turns(load):
            return [Planned(load, lambda: self.turns_s(load))]
        arms = self.expected[: self.side_by_side]
        return [expected.planned(scenario, point) for expected in arms]

    def turns_s(self, load: Load) -> float:
        """How long a block is expected to take at a load in turns, s: its arms start and warm up
        side by side; each then fills its queue and drains it, or works off its open loop, while
        the others wait.
        """
        size = in_turns(self.size)
        offered = is_open_loop(self.scenarios[load[0]])
        own_s = self.offered_s(load) if offered else 2 * self.measured_s
        times = 1 if self.sets and not offered else self.side_by_side
        return size.around_s + 1.5 * size.warmup_s + own_s * times

    def offered_s(self, load: Load) -> float:
        """How long an open loop of one arm takes beside its start and its warm-up."""
        scenario, point = self.scenarios[load[0]], self.point(load)
        point = point.offered(self.capacity or USUAL_RATE)
        return scenario.expected_s(point) - point.size.around_s - point.size.warmup_s

    @property
    def side_by_side(self) -> int:
        """Arms of a block."""
        return len(self.setups)

    @property
    def calibrated(self) -> Sequence[int]:
        """The arms, by place, whose turns say how long turns are."""
        return range(len(self.setups))

    def rates(self, _load: Load, found: Sequence[float]) -> Sequence[float]:
        """What each arm drains, tasks/s, by what was ``found`` of the calibrated ones."""
        return found

    def planned_learning(self) -> list[Planned]:
        """What is measured before the first block."""
        turning = [load for load in self.loads() if self.takes_turns(load)]
        closed = [load for load in turning if not is_open_loop(self.scenarios[load[0]])]
        found = [one for load in closed for one in self.planned(load)]
        if self.needs_capacity():
            kinds = [(load_scenario(OVERLOADER), overload_point(self.size))]
            if (CALIBRATOR, "") not in closed:
                kinds.append((load_scenario(CALIBRATOR), Point(self.size)))
            found += [each.planned(*kind) for kind in kinds for each in self.expected]
        return found

    def planned_block(self) -> list[Planned]:
        """All loads of a block."""
        return [one for load in self.loads() for one in self.planned(load)]

    def takes_turns(self, load: Load) -> bool:
        """Whether the arms are up together at this load."""
        return self.turns and self.scenarios[load[0]].turns


def in_turns(size: Size) -> Size:
    """No wait for an idle machine: what disturbs it meets all arms alike."""
    return replace(
        size,
        idle_gate_s=0,
        warmup_s=min(size.warmup_s, WARMUP_S),
        idle_s=min(size.idle_s, IDLE_S),
        late_s=min(size.late_s, LATE_S),
    )
