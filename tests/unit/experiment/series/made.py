"""Series whose trials nobody ran: each is played by what the test says of its release."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from harness.cli.matrix import LOCKS
from harness.experiment.arms import Server
from harness.experiment.comparison.comparison import Pair
from harness.experiment.series.prepare import Series, SeriesRequest
from harness.scenario.catalogue import load_scenario
from harness.trial.cell import Arm
from harness.trial.outcome import Outcome
from harness.trial.plan import Setup, TrialPlan
from tests.unit.experiment.comparison.made import (
    SIGKILL,
    Maker,
    Played,
    leave,
    outcome_of,
    row_of,
    store,
)

Play = Callable[[str, int], Played]  # by version and block


@dataclass
class MadeSeries:
    """``versions``: of the releases in order; the last is the fixed one."""

    database: Path
    maker: Maker
    patch: pytest.MonkeyPatch

    def __call__(self, play: Play, versions: Sequence[str], blocks: int = 4) -> Series:
        scenario = load_scenario("throughput")
        self.patch.setattr(scenario, "primary", (scenario.primary_named("drain_rate"),))
        self.patch.setattr("harness.experiment.watched.run_trial", self.player(play))
        self.patch.setattr(Arm, "lock", LOCKS / "stub-1.0.txt")
        self.patch.setattr("harness.experiment.row.commit", lambda: "a commit")
        self.patch.setattr("harness.experiment.series.run.find_paces", lambda *_: None)
        plain = self.maker.comparison([scenario], blocks, len(versions) + 1, "series")
        for setup, version in zip(plain.setups, [versions[-1], *versions], strict=True):
            setup.arm = replace(setup.arm, version=version)
        fields = {
            **vars(plain),
            "names": [f"stub {versions[-1]} (fixed)", *(f"stub {each}" for each in versions)],
            "pairs": [Pair(1, number) for number in range(2, len(versions) + 2)],
            "tried": [100.0] * (len(versions) + 1),
        }
        return Series(**fields)

    def player(self, play: Play) -> Callable[[Setup, TrialPlan], Outcome]:
        def run_trial(setup: Setup, plan: TrialPlan) -> Outcome:
            played = play(setup.arm.version, plan.block)
            own = {"framework": setup.arm.framework, "framework_version": setup.arm.version}
            row = row_of(setup, plan, played) | own
            if played is SIGKILL:
                leave(self.database, setup.experiment, row)
            metrics = {"drain_rate": played.value}
            store(self.database, setup.experiment, [row], metrics)
            return outcome_of(played, row, metrics)

        return run_trial

    def asked(self, series: Series, **changed: Any) -> SeriesRequest:
        """As the options of such a series would have it."""
        versions = [setup.arm.version for setup in series.setups[1:]]
        known: dict[str, Any] = {
            "releases": [],
            "fixed": versions[-1],
            "cells": {},
            "server": Server("auto"),
            "database": self.database,
            "seed": series.seed,
            "blocks": series.blocks,
            "scenarios": ["throughput"],
        }
        return SeriesRequest(**known | changed)
