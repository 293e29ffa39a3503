"""A trial whose roles are on the workers of a cluster: ``python -m tests.cluster.placed ADDRESS
DATABASE PLACES``; prints what came of it as JSON.
"""

import json
import sys
from pathlib import Path

from harness.cli.arms import Defaults, parse_arm
from harness.cli.cluster import Cluster
from harness.cli.matrix import read_matrix
from harness.experiment.arms import Server, built_arm, describe_points
from harness.experiment.cleanup import guarded
from harness.experiment.cluster.hosts import hosts_of
from harness.experiment.row import new_experiment
from harness.scenario.catalogue import load_scenario
from harness.store.database import open_database
from harness.trial.plan import Setup
from harness.trial.steps import run_trial
from tests.cluster.driver import CELL, PYTHON
from tests.conftest import TINY, make_plan


def main(address: str, database: Path, words: str) -> None:
    with open_database(database):
        pass
    matrix, cells = read_matrix(), {CELL: sys.executable}
    arm = parse_arm("stub", matrix, Defaults(PYTHON, None, "matched"))
    cluster = Cluster(address)
    with (
        guarded(database),
        hosts_of(cluster, words, [arm], cells, matrix, "tests.cluster.placed") as places,
    ):
        own = built_arm(arm, cells, Server("auto", places=places), "stub")
        described = describe_points(own, [load_scenario("throughput")], TINY)
        experiment = new_experiment("bench", "tiny", 7, {})
        setup = Setup(database, experiment, own, described, database.parent / "profiles")
        outcome = run_trial(setup, make_plan(setup, "throughput"))
    found = {"status": outcome.status, "reason": outcome.reason, **outcome.metrics}
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
