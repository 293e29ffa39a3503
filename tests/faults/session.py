"""What is struck: ``python -m tests.faults.session DATABASE PYTHON`` runs two small trials."""

import sys
from dataclasses import replace

from harness.experiment.cleanup import guarded
from harness.trial.steps import run_trial
from tests.conftest import TINY, make_plan
from tests.integration.trial.session import small_setup

SCENARIO = "throughput"
TRIALS = 2
SMALL = replace(TINY, tasks=400)


def main() -> None:
    database, executable = sys.argv[1:]
    setup = small_setup(database, "raw", executable)
    with guarded(setup.database):
        for number in range(1, TRIALS + 1):
            trial_id = f"{setup.experiment.experiment_id}-{number:03}"
            plan = make_plan(setup, SCENARIO, size=SMALL)
            outcome = run_trial(setup, replace(plan, trial_id=trial_id, block=number))
            print(trial_id, outcome.status, flush=True)


if __name__ == "__main__":
    main()
