"""A session of validate: trials and comparisons whose truth is known.

Experiments of the stub run in virtual time with a known spread: worker, socket, records,
accounting, store, pairing and verdicts are the real ones. Their trials go into a database of their
own that is thrown away.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from harness.experiment.comparison.comparison import Comparison, Pair
from harness.experiment.comparison.judging import judge_comparison
from harness.experiment.comparison.measured import read_measured
from harness.experiment.comparison.run import run
from harness.experiment.redo import REDO, Redo
from harness.experiment.row import new_experiment
from harness.judge.claims import Verdict
from harness.prove.lone import lone_plan, lone_setup, lone_trial
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import QUICK, Point, Size
from harness.store.vocabulary import Purpose
from harness.trial.cell import Arm
from harness.trial.outcome import Outcome
from infrastructure.brokers import BrokerChoice
from infrastructure.processes.child import HARNESS_PYTHON

COMPARED = "throughput"
SMALL = replace(
    QUICK, tasks=300, warmup_s=0.05, load_s=0.5, idle_s=0.02, idle_gate_s=0, late_s=0.0, drain_s=600
)
VIRTUAL: dict[str, Any] = {"clock": "virtual", "service_us": 1000, "processes": 1}


@dataclass(frozen=True)
class Sizes:
    """Experiments of each kind: 200 and 30 are METHOD 9's, the default fits two cores.

    ``real_blocks``: of the comparison of a framework with itself; fewer than 7 could find nothing
    among its three metrics. ``planted``: comparisons in turns of an arm that is 2 % slower.
    """

    name: str = "default"
    equal: int = 12
    injected: int = 6
    real_blocks: int = 7
    planted: int = 0


FULL_SIZES = Sizes("full", equal=200, injected=30, real_blocks=10, planted=10)
QUICK_SIZES = Sizes("quick", equal=2, injected=2)


@dataclass(frozen=True)
class ValidateSession:
    """``scratch``: the database of its trials; ``arms``: real cells; ``stub``: its version."""

    scratch: Path
    arms: Sequence[Arm]
    stub: str
    sizes: Sizes
    seed: int
    running: list[Comparison] = field(default_factory=list)  # those that were begun

    def end(self) -> None:
        """Let no comparison begin another block."""
        for comparison in self.running:
            comparison.max_time_s = 0

    def stub_arm(self, **options: object) -> Arm:
        python = "{}.{}".format(*sys.version_info)
        choice = BrokerChoice("stub", "embedded")
        return Arm("stub", self.stub, python, HARNESS_PYTHON, choice, "matched", options)

    def trial(self, arm: Arm, scenario: str, point: Point) -> Outcome:
        setup = lone_setup(self.scratch, arm, scenario, "validate", self.seed)
        return lone_trial(setup, lone_plan(setup, scenario, Purpose.MEASURE, point))

    def comparison(
        self,
        arms: Sequence[Arm],
        size: Size,
        blocks: int,
        seed: int,
        say: Console,
        redo: int = REDO,
        *,
        turns: bool = False,
        margin: float | None = None,
        max_time_s: float | None = None,
    ) -> list[Verdict]:
        """Two arms compared as ``compare`` does, drain rate first; verdicts by primary metric.

        ``say`` hears of every trial; ``redo``: how often a load is run again, at most. ``turns``:
        they take turns; ``margin``: what matters, None for each metric's own; ``max_time_s``: after
        which no block begins.
        """
        comparison = self.prepared(arms, size, blocks, seed)
        comparison.console, comparison.redo, comparison.margin = say, Redo(redo), margin
        comparison.turns, comparison.max_time_s = turns, max_time_s
        self.running.append(comparison)
        run(comparison)
        judged = judge_comparison(comparison, read_measured(comparison, Purpose.MEASURE))
        return [each.verdict for each in judged]

    def prepared(
        self, arms: Sequence[Arm], size: Size, blocks: int, seed: int, scenario: str = COMPARED
    ) -> Comparison:
        """Arms that are about to be compared, the second with the first, one after the other."""
        experiment = new_experiment("compare", size.name, seed, {})
        setups = [
            replace(
                lone_setup(self.scratch, arm, scenario, "compare", seed),
                number=number,
                experiment=experiment,
            )
            for number, arm in enumerate(arms, 1)
        ]
        return Comparison(
            setups,
            ["A", "B"],
            [Pair(1, 2)],
            {scenario: load_scenario(scenario)},
            size,
            blocks,
            None,
            experiment,
            self.scratch,
        )
