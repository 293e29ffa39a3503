"""One trial in progress: what it is, and what it has gathered so far."""

import time
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Self

from harness.machine import environment
from harness.measure.metrics import Metric
from harness.measure.sampler import Sampler
from harness.scenario.partner import ALONE, Partner
from harness.trial.cell import Description
from harness.trial.outcome import Outcome, TrialRow, planned_row
from harness.trial.plan import Setup, TrialPlan
from harness.trial.profilers.passes import PassRows, ProfilerPass
from harness.trial.profilers.tools import PROFILERS
from infrastructure.processes.child import Child
from infrastructure.processes.folder import TrialFolder, spool_of


@dataclass
class Trial:
    """What it has gathered is kept whatever happens next, and stored at its end."""

    setup: Setup
    plan: TrialPlan
    row: TrialRow
    folder: TrialFolder
    profiler: ProfilerPass | None
    partner: Partner
    begun: float = field(default_factory=time.monotonic)
    children: list[Child] = field(default_factory=list)
    sampler: Sampler | None = None  # from when there is a broker
    environment: dict[str, str] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)  # settings, by name
    readings: list[dict[str, Any]] = field(default_factory=list)  # of them, by who said it
    metrics: list[Metric] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    passes: PassRows = field(default_factory=PassRows)
    reaped_s: float = 0.0  # CPU of all of our processes that had ended before the workers' start
    outside: frozenset[int] = frozenset()  # its processes that belong to no role
    clock_bound_ns: int = 0  # how far apart the clocks of producers and workers may be
    defect: str = ""  # the traceback of an error that nobody expected

    @classmethod
    def begin(cls, setup: Setup, plan: TrialPlan, partner: Partner = ALONE) -> Self:
        """Make its folder, which holds the row to store should this process die."""
        row = planned_row(setup, plan)
        known = {"trial": vars(row), "experiment": vars(setup.experiment)}
        folder = TrialFolder.create(spool_of(setup.database), plan.trial_id, known)
        folder.places = setup.arm.places
        tool = PROFILERS.get(plan.purpose)
        target = setup.profiles / plan.trial_id
        profiler = tool(plan.trial_id, folder, target) if tool else None
        return cls(setup, plan, row, folder, profiler, partner)

    @property
    def description(self) -> Description:
        """How its arm starts workers, and what they are held to."""
        return self.setup.description(self.plan)

    def add(self, name: str, value: float, unit: str) -> None:
        self.metrics.append(Metric(name, value, unit))

    def outcome(self) -> Outcome:
        """What its session goes by."""
        kept = {m.name: m.value for m in self.metrics if isfinite(m.value)}
        units = {m.name: m.unit for m in self.metrics}
        return Outcome(self.row, kept, environment.disturbances(self.environment), units)
