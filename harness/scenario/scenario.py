"""What a scenario is to the harness. Each file of ``scenarios/`` defines one as ``SCENARIO``."""

import types
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from harness.measure.metrics import Metric
from harness.measure.records import Records
from harness.measure.validity import UNSTEADY
from harness.scenario.chart import Chart
from harness.scenario.point import Point, Size
from harness.scenario.primary import Primary
from harness.scenario.run import Run

# One trial of each of many points describes; what is to be decided is measured by ``compare``.
USUAL_TRIALS = types.MappingProxyType({"full": 1, "quick": 1})


@dataclass(frozen=True)
class Measures:
    """What a scenario says of a trial: metrics, what voids it, and what is worth a remark."""

    metrics: list[Metric]
    void: list[str]
    remarks: list[str] = field(default_factory=list)

    def of(self, point: Point) -> "Measures":
        """Where the point's trials are blocks (``in_blocks`` among its options), a drift within one
        is a remark: it meets arms in turns alike, and whether an arm's trials drift together is
        asked over all of them.
        """
        if not point.options.get("in_blocks"):
            return self
        drifts = [reason for reason in self.void if reason.startswith(UNSTEADY)]
        void = [reason for reason in self.void if reason not in drifts]
        return Measures(self.metrics, void, [*self.remarks, *drifts])


class Together(StrEnum):
    """What is said of a scenario's points together."""

    SCALING_LAW = "the law of its drain rates by number of workers"
    BEST_SETTINGS = "the settings with the highest drain rate"
    ROUND_TRIPS = "how many round trips to the broker a task waits for"
    DEMAND = "the workers that each load takes, and the load that each number of workers holds"
    COST_OF_MISTAKES = "the drain rate of each right way over that of its mistake"


class Scenario(ABC):
    """One question about behaviour.

    ``primary``: at most three metrics a verdict may be about, named before the run.
    ``wants``: what its one point takes of the workers, where it has one.
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
    ``turns``: whether arms can take turns at it: its tasks are much shorter than a turn, and what
    it measures is counted within turns.
    ``leaves``: whether tasks may be left at the broker, and workers may have done unequal shares.
    ``proved``: whether the gate proves the queue before the load; it cannot where a scheduler sends
    all the time.
    ``depth``: whether the report draws the tasks at the broker over time of every load, not only of
    the first three.
    ``fault``: whether something fails in mid-load, around which the report draws the tasks
    completed over time.
    ``by_broker``: what it draws of brokers beside each other, at the lowest load.
    ``by_name``: how the metrics begin that count what a broker was asked, by the broker's names.
    """

    name: str
    question: str
    primary: tuple[Primary, ...]
    wants: Mapping[str, Any] = types.MappingProxyType({})
    trials: Mapping[str, int] = USUAL_TRIALS
    producers: int = 1
    profiled: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    together: Together | None = None
    mistakes: tuple[tuple[str, str], ...] = ()
    services: tuple[str, ...] = ()
    work: tuple[str, ...] = ()
    usual: bool = True
    turns: bool = False
    leaves: bool = False
    proved: bool = True
    depth: bool = False
    fault: bool = False
    by_broker: tuple[Chart, ...] = ()
    by_name: str = ""

    @property
    def primary_names(self) -> tuple[str, ...]:
        return tuple(metric.name for metric in self.primary)

    def primary_named(self, name: str) -> Primary:
        """Raises KeyError where no primary metric has this name."""
        return {metric.name: metric for metric in self.primary}[name]

    def points(self, size: Size) -> list[Point]:
        """Its loads and settings, each measured in trials of its own, in the order shown."""
        return [Point(size, wants=dict(self.wants))]

    @abstractmethod
    def expected_s(self, point: Point) -> float:
        """Roughly how long a trial takes, for the plan."""

    @abstractmethod
    def drive(self, run: Run, point: Point, rng: np.random.Generator) -> None:
        """Warm up, load and drain."""

    @abstractmethod
    def measure(self, run: Run, point: Point, records: Records) -> Measures:
        """Metrics and validity from what was recorded."""
