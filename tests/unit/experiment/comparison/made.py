"""Comparisons whose trials nobody ran: each is played by what the test says of it."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, Never

import pytest

from harness.experiment.comparison.comparison import Comparison, Key
from harness.experiment.comparison.judging import judge_comparison
from harness.experiment.comparison.measured import read_measured
from harness.experiment.comparison.prepare import pairs_of
from harness.judge.claims import Verdict
from harness.scenario.catalogue import load_scenario
from harness.scenario.scenario import Scenario
from harness.store.database import open_database
from harness.store.ingest import insert_row
from harness.store.rows import ExperimentRow, Row
from harness.store.vocabulary import Purpose, Status
from harness.trial.cell import Arm, wanted
from harness.trial.ending import INTERRUPTED
from harness.trial.outcome import UNFINISHED, Outcome, TrialRow
from harness.trial.plan import Setup, TrialPlan
from infrastructure.brokers import BrokerChoice
from infrastructure.processes.folder import TrialFolder, spool_of
from tests.conftest import TINY
from tests.rows import EXPERIMENT, trial_row


class Played(NamedTuple):
    """What a trial comes to: its drain rate, why it is not ok, and what happened around it."""

    value: float
    status: Status = Status.OK
    reason: str = ""
    flags: Sequence[str] = ()


CTRL_C = Played(0.0, Status.FAILED, INTERRUPTED)
SIGKILL = Played(0.0, Status.FAILED, UNFINISHED, ["the harness was killed"])
STUB = BrokerChoice("stub", "embedded")
Play = Callable[[int, int], Played]  # by arm and block
Make = Callable[..., Comparison]


@dataclass
class Maker:
    """Makes comparisons of stub arms on one metric, whose trials are played."""

    database: Path
    patch: pytest.MonkeyPatch
    made: int = field(default=0)

    def __call__(
        self, play: Play, blocks: int = 10, arms: int = 2, command: str = "compare"
    ) -> Comparison:
        scenario = load_scenario("throughput")
        self.patch.setattr(scenario, "primary", (scenario.primary_named("drain_rate"),))
        self.patch.setattr("harness.experiment.watched.run_trial", self.player(play))
        return self.comparison([scenario], blocks, arms, command)

    def comparison(
        self, scenarios: Sequence[Scenario], blocks: int, arms: int, command: str = "compare"
    ) -> Comparison:
        self.made += 1
        experiment = replace(EXPERIMENT, experiment_id=f"made-{self.made}", command=command, seed=7)
        arm = Arm("stub", "1.0", "3.12", sys.executable, STUB, "matched")
        database, can = self.database, SimpleNamespace(gap="", packages={})
        described: Any = {
            wanted(s.name, point.wants): can for s in scenarios for point in s.points(TINY)
        }
        return Comparison(
            [
                Setup(database, experiment, arm, described, database.parent, n + 1)
                for n in range(arms)
            ],
            ["old", "new"] if arms == 2 else [f"v{n + 1}" for n in range(arms)],
            pairs_of("regress", arms),
            {scenario.name: scenario for scenario in scenarios},
            TINY,
            blocks,
            None,
            experiment,
            database,
            capacity=1000.0,
        )

    def player(self, play: Play) -> Callable[[Setup, TrialPlan], Outcome]:
        def run_trial(setup: Setup, plan: TrialPlan) -> Outcome:
            played = play(setup.number, plan.block)
            row = row_of(setup, plan, played)
            if played is SIGKILL:
                leave(self.database, setup.experiment, row)
            metrics = dict.fromkeys(plan.scenario.primary_names, played.value)
            store(self.database, setup.experiment, [row], metrics)
            return outcome_of(played, row, {"drain_rate": played.value})

        return run_trial


def row_of(setup: Setup, plan: TrialPlan, played: Played) -> Row:
    return trial_row(plan.trial_id) | {
        "experiment_id": setup.experiment.experiment_id,
        "block": plan.block,
        "position": plan.position,
        "arm_number": setup.number,
        "scenario": plan.scenario.name,
        "point": plan.point.label,
        "point_number": plan.point.number,
        "purpose": plan.purpose,
        "lock_hash": setup.arm.lock_hash,
        "status": played.status,
        "reason": played.reason or None,
    }


def outcome_of(played: Played, row: Row, metrics: Mapping[str, float]) -> Outcome:
    """Of a trial that is stored. One that was cut off ends its session: KeyboardInterrupt."""
    if played.reason == INTERRUPTED:
        raise KeyboardInterrupt
    return Outcome(TrialRow(**row), dict(metrics), list(played.flags))


def leave(database: Path, experiment: ExperimentRow, row: Row) -> Never:
    """A trial in the spool, as by a harness that is killed in it."""
    known = {"trial": row, "experiment": vars(experiment)}
    TrialFolder.create(spool_of(database), row["trial_id"], known).release()
    raise KeyboardInterrupt


def store(
    database: Path, experiment: ExperimentRow, rows: Sequence[Row], metrics: Mapping[str, float]
) -> None:
    """Trials as they are ingested, each with these metrics."""
    with open_database(database) as connection:
        insert_row(connection, "experiment", vars(experiment), unless_there=True)
        for row in rows:
            insert_row(connection, "trial", row)
            for name, value in metrics.items():
                metric = {"trial_id": row["trial_id"], "name": name, "value": value, "unit": "1"}
                insert_row(connection, "metric", metric)


def store_blocks(
    comparison: Comparison, blocks: Iterable[int], value: Callable[[int, int, Key], float]
) -> None:
    """Every trial of these blocks at once, with a value by arm, block and metric."""
    with open_database(comparison.database) as connection:
        connection.begin()
        insert_row(connection, "experiment", vars(comparison.experiment), unless_there=True)
        for block in blocks:
            for scenario, point in comparison.points():
                for setup in comparison.setups:
                    comparison.position += 1
                    name = f"{comparison.id}-{comparison.position:04}"
                    plan = TrialPlan(
                        name,
                        block,
                        comparison.position,
                        comparison.scenarios[scenario],
                        point,
                        Purpose.MEASURE,
                        0,
                    )
                    insert_row(connection, "trial", row_of(setup, plan, Played(0)))
                    for metric in comparison.scenarios[scenario].primary_names:
                        found = value(setup.number, block, Key(scenario, point.label, metric))
                        row = {"trial_id": name, "name": metric, "value": found, "unit": "1"}
                        insert_row(connection, "metric", row)
        connection.commit()


def only_verdict(comparison: Comparison) -> Verdict:
    (judged,) = judge_comparison(comparison, read_measured(comparison, Purpose.MEASURE))
    return judged.verdict


def ended_after(trials: int, by: Played = CTRL_C) -> Play:
    """As many trials are ok, and this comes in the next."""
    left = iter(range(trials))

    def play(_arm: int, _block: int) -> Played:
        return by if next(left, None) is None else Played(100.0)

    return play
