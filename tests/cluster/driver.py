"""What is struck: ``python -m tests.cluster.driver ADDRESS DATABASE BLOCKS [EXPERIMENT]``.

A comparison of the stub with itself, or the rest of one: with loads as small as they get, or with
``--sleeps`` one that is so slow that it sleeps nearly all of the time. ``--strata``: a worker that
was started by ``taskset`` on fewer cores is of another kind.
"""

import argparse
import signal
import sys
from dataclasses import replace
from pathlib import Path

from harness.cli.arms import Defaults, parse_arm
from harness.cli.cluster import LOCAL, Cluster
from harness.cli.matrix import read_matrix
from harness.experiment.arms import Server
from harness.experiment.cleanup import guarded
from harness.experiment.cluster.cluster import machines_of
from harness.experiment.comparison.comparison import Comparison
from harness.experiment.comparison.prepare import ComparisonRequest, prepare
from harness.experiment.comparison.resume import take_over
from harness.experiment.comparison.run import run_on
from harness.experiment.redo import Redo
from harness.store.database import open_database
from scenarios.latency import LEAST_TASKS
from tests.conftest import TINY

PYTHON = "{}.{}".format(*sys.version_info)
CELL = ("stub", "1.0", PYTHON)
LOAD = 0.3  # of capacity


def comparison_of(
    database: Path, blocks: int, sleeps_s: float, *, strata: bool = False
) -> tuple[ComparisonRequest, Comparison]:
    arm = parse_arm("stub", read_matrix(), Defaults(PYTHON, None, "matched"))
    cells = {CELL: sys.executable}
    asked = ComparisonRequest(
        "compare",
        [arm, arm],
        cells,
        Server("auto"),
        database,
        7,
        blocks,
        ["latency" if sleeps_s else "throughput"],
        quick=True,
        same=True,
        only=[f"latency at load {LOAD}"] if sleeps_s else (),
        strata=strata,
    )
    comparison = prepare(asked)
    # tasks/s; the stub does thousands. A load has tasks for a p99 at least, in so many seconds.
    comparison.capacity = LEAST_TASKS / (LOAD * sleeps_s) if sleeps_s else 100.0
    comparison.size = replace(TINY, load_s=sleeps_s or TINY.load_s)
    comparison.redo = Redo(0)  # machines of one machine disturb each other
    return asked, comparison


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("database", type=Path)
    parser.add_argument("blocks", type=int)
    parser.add_argument("experiment", nargs="?")
    parser.add_argument("--sleeps", type=float, default=0.0, help="seconds of a load that sleeps")
    parser.add_argument("--strata", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with open_database(options.database):
        pass
    asked, comparison = comparison_of(
        options.database, options.blocks, options.sleeps, strata=options.strata
    )
    if options.experiment:
        comparison.experiment.experiment_id = options.experiment
    local = LOCAL.fullmatch(options.address)
    cluster = Cluster(options.address, int(local[1]) if local else 0)
    with guarded(asked.database), machines_of(cluster, asked, comparison) as machines:
        done = take_over(comparison, options.experiment) if options.experiment else []
        print("experiment", comparison.id, flush=True)
        run_on(machines, comparison, done)
    print("\n".join(["finished", *comparison.lost]), flush=True)


if __name__ == "__main__":
    main()
