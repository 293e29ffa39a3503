"""What a scenario is to the harness. Each file of ``scenarios/`` defines one as ``SCENARIO``."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from harness.measure import Metric
from harness.options import scenario_names
from harness.recorded import Records
from harness.run import Run

Load = tuple[str, float | None]  # scenario and load fraction


def load_words(load: Load) -> str:
    """``latency at load 0.5``; the scenario alone for a backlog."""
    name, fraction = load
    return name if fraction is None else f"{name} at load {fraction:g}"


@dataclass(frozen=True)
class Size:
    """How much load: the full one decides, the quick one is for looking."""

    name: str
    tasks: int  # of a backlog
    warmup_s: float
    load_s: float  # of an open loop
    idle_s: float  # of the idle baseline
    idle_gate_s: float
    trials: int  # of a backlog
    load_trials: int  # of each load point


FULL = Size(
    "full", 20_000, warmup_s=5, load_s=20, idle_s=2.0, idle_gate_s=2.0, trials=5, load_trials=5
)
QUICK = Size(
    "quick", 4_000, warmup_s=0.5, load_s=2.5, idle_s=0.5, idle_gate_s=0.25, trials=2, load_trials=1
)


@dataclass(frozen=True)
class Point:
    """One trial's load within a scenario. ``fraction``: of capacity (tasks/s), None for a backlog.

    ``options`` replace a scenario's defaults (tests of known answers use them).
    """

    size: Size
    fraction: float | None = None
    capacity: float | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Offered load in tasks/s."""
        if self.fraction is None or self.capacity is None:
            raise ValueError("this point has no offered load: it is a backlog")
        return self.fraction * self.capacity

    @property
    def label(self) -> str:
        return "" if self.fraction is None else f"load {self.fraction:g}"


@dataclass(frozen=True)
class Measures:
    """What a scenario says of a trial: metrics, what voids it, and what is worth a remark."""

    metrics: list[Metric]
    void: list[str]
    remarks: list[str] = field(default_factory=list)


class Scenario(Protocol):
    """One question about behaviour.

    ``primary``: at most three metrics a verdict may be about, named before the run.
    ``fractions``: load points as shares of capacity; ``(None,)`` for a backlog.
    ``producers``: processes of the load generator; one where a single client's rate is a metric,
    several where keeping a schedule matters.
    """

    name: str
    question: str
    primary: tuple[str, ...]
    fractions: tuple[float | None, ...]
    producers: int

    def expected_s(self, point: Point) -> float:
        """Roughly how long a trial takes, for the plan."""
        ...

    def drive(self, run: Run, point: Point, rng: np.random.Generator) -> None:
        """Warm up, load and drain."""
        ...

    def measure(self, run: Run, point: Point, records: Records) -> Measures:
        """Metrics and validity from what was recorded."""
        ...


def load_scenario(name: str) -> Scenario:
    """The scenario of ``scenarios/NAME.py``."""
    scenario: Scenario = importlib.import_module(f"scenarios.{name}").SCENARIO
    return scenario


def load_scenarios() -> dict[str, Scenario]:
    return {name: load_scenario(name) for name in scenario_names()}
