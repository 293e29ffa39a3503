"""What a scenario is to the harness. Each file of ``scenarios/`` defines one as ``SCENARIO``."""

import importlib
import types
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np

from harness.cli.words import scenario_names
from harness.measure.metrics import Metric
from harness.measure.records import Records
from harness.scenario.primary import Primary
from harness.scenario.run import Run

Load = tuple[str, str]  # scenario and its point


def load_words(load: Load) -> str:
    """``latency at load 0.5``; the scenario alone where it has one point."""
    name, point = load
    return f"{name} at {point}" if point else name


@dataclass(frozen=True)
class Size:
    """How much load: the full one decides, the quick one is for looking."""

    name: str
    tasks: int  # of a backlog
    warmup_s: float
    load_s: float  # of an open loop
    idle_s: float  # of the idle baseline
    idle_gate_s: float
    scale: float = 1.0  # of loads that a scenario states itself

    @property
    def around_s(self) -> float:
        """Roughly what a trial takes beside warm-up and load: starts, stops, idle baselines."""
        return 3.5 + self.idle_s + self.idle_gate_s

    def scaled(self, tasks: int, least: int = 1) -> int:
        """So many tasks at full size, in this size."""
        return max(least, round(tasks * self.scale))


FULL = Size("full", 20_000, warmup_s=5, load_s=20, idle_s=2.0, idle_gate_s=2.0)
QUICK = Size("quick", 4_000, warmup_s=0.5, load_s=2.5, idle_s=0.5, idle_gate_s=0.25, scale=0.1)
# One trial of each of many points describes; what is to be decided is measured by ``compare``.
USUAL_TRIALS = types.MappingProxyType({"full": 1, "quick": 1})


@dataclass(frozen=True)
class Point:
    """One of a scenario's loads or settings; a trial measures one.

    ``name`` tells it from the scenario's other points. ``fraction``: offered load as a share of
    ``capacity`` (tasks/s), None for a backlog. ``wants``: what it takes of the workers beyond the
    profile, as ``tasks.spec.Spec.wants`` has it. ``options`` replace a scenario's defaults (tests
    of known answers use them).
    """

    size: Size
    fraction: float | None = None
    capacity: float | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    wants: Mapping[str, Any] = field(default_factory=dict)
    number: int = 1  # its place among the scenario's points

    @property
    def rate(self) -> float:
        """Offered load in tasks/s."""
        if self.fraction is None or self.capacity is None:
            raise ValueError("this point has no offered load: it is a backlog")
        return self.fraction * self.capacity

    @property
    def label(self) -> str:
        return self.name or ("" if self.fraction is None else f"load {self.fraction:g}")

    def offered(self, capacity: float | None) -> "Point":
        """This point with the capacity that its fraction is of; a backlog is left as it is."""
        return self if self.fraction is None else replace(self, capacity=capacity)


def numbered(points: Iterable[Point]) -> list[Point]:
    """Points with their places."""
    return [replace(point, number=number) for number, point in enumerate(points, 1)]


@dataclass(frozen=True)
class Chart:
    """A metric as the report draws it: a bar a point and arm, lines ``over`` another metric, or a
    heat map an arm over the two metrics of ``grid``.

    ``log``: both axes of the lines. ``points``: names of those it is about; empty: all.
    """

    title: str
    metric: str
    over: str = ""
    log: bool = False
    grid: tuple[str, str] | None = None
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measures:
    """What a scenario says of a trial: metrics, what voids it, and what is worth a remark."""

    metrics: list[Metric]
    void: list[str]
    remarks: list[str] = field(default_factory=list)


class Together(StrEnum):
    """What is said of a scenario's points together."""

    SCALING_LAW = "the law of its drain rates by number of workers"
    BEST_SETTINGS = "the settings with the highest drain rate"
    COST_OF_MISTAKES = "the drain rate of each right way over that of its mistake"


class Scenario(ABC):
    """One question about behaviour.

    ``primary``: at most three metrics a verdict may be about, named before the run.
    ``trials``: usual number of trials a point, by the size's name.
    ``producers``: processes of the load generator; one where a single client's rate is a metric,
    several where keeping a schedule matters.
    ``profiled``: labels of the points that profilers look at, in passes of their own.
    ``charts``: what the report draws; empty: rates, latency, resources and depth as they are there.
    ``together``: what the report says of its points together; ``mistakes``: the points, wrong and
    right, for ``COST_OF_MISTAKES``.
    ``services``: what runs beside the broker: ``api`` is the mock API, answering as the option
    ``api`` of the point says.
    ``work``: modules of the bodies that it sends, beside those of no work.
    ``usual``: whether a bench that names no scenario runs it.
    ``depth``: whether the report draws the tasks at the broker over time of every load, not only of
    the first three.
    """

    name: str
    question: str
    primary: tuple[Primary, ...]
    trials: Mapping[str, int] = USUAL_TRIALS
    producers: int = 1
    profiled: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    together: Together | None = None
    mistakes: tuple[tuple[str, str], ...] = ()
    services: tuple[str, ...] = ()
    work: tuple[str, ...] = ()
    usual: bool = True
    depth: bool = False

    @property
    def primary_names(self) -> tuple[str, ...]:
        return tuple(metric.name for metric in self.primary)

    def primary_named(self, name: str) -> Primary:
        """Raises KeyError where no primary metric has this name."""
        return {metric.name: metric for metric in self.primary}[name]

    def points(self, size: Size) -> list[Point]:
        """Its loads and settings, each measured in trials of its own, in the order shown."""
        return [Point(size)]

    @abstractmethod
    def expected_s(self, point: Point) -> float:
        """Roughly how long a trial takes, for the plan."""

    @abstractmethod
    def drive(self, run: Run, point: Point, rng: np.random.Generator) -> None:
        """Warm up, load and drain."""

    @abstractmethod
    def measure(self, run: Run, point: Point, records: Records) -> Measures:
        """Metrics and validity from what was recorded."""


def load_scenario(name: str) -> Scenario:
    """The scenario of ``scenarios/NAME.py``."""
    scenario: Scenario = importlib.import_module(f"scenarios.{name}").SCENARIO
    return scenario


def usual_scenarios() -> dict[str, Scenario]:
    """Those that a bench runs unless some are named."""
    return {name: s for name, s in load_scenarios().items() if s.usual}


def load_scenarios() -> dict[str, Scenario]:
    return {name: load_scenario(name) for name in scenario_names()}


def is_open_loop(scenario: Scenario) -> bool:
    """Whether it offers shares of a capacity, which somebody has to measure first."""
    return any(point.fraction is not None for point in scenario.points(QUICK))
