"""What is struck: ``python -m tests.faults.session DATABASE PYTHON`` runs two small trials."""

import sys
from dataclasses import replace
from pathlib import Path

from harness.experiment.arms import describe_points
from harness.experiment.cleanup import guarded
from harness.experiment.row import new_experiment
from harness.scenario.catalogue import load_scenario
from harness.trial.cell import Arm
from harness.trial.plan import Setup
from harness.trial.steps import run_trial
from infrastructure.brokers import BrokerChoice
from tests.conftest import TINY, make_plan

SCENARIO = "throughput"
TRIALS = 2
SMALL = replace(TINY, tasks=400)


def main() -> None:
    database, executable = Path(sys.argv[1]), sys.argv[2]
    python = "{}.{}".format(*sys.version_info)
    broker = BrokerChoice("redis", "embedded")
    arm = Arm("raw", "1.0", python, executable, broker, "matched")
    described = describe_points(arm, [load_scenario(SCENARIO)], SMALL)
    experiment = new_experiment("bench", "tiny", 7, {})
    setup = Setup(database, experiment, arm, described, database.parent)
    with guarded(database):
        for number in range(1, TRIALS + 1):
            trial_id = f"{experiment['experiment_id']}-{number:03}"
            plan = make_plan(setup, SCENARIO, size=SMALL)
            outcome = run_trial(setup, replace(plan, trial_id=trial_id, block=number))
            print(trial_id, outcome.status, flush=True)


if __name__ == "__main__":
    main()
