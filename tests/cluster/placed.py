"""A bench whose roles are on the workers of a cluster, as small as it gets:
``python -m tests.cluster.placed ADDRESS DATABASE PLACES``.
"""

import sys
from unittest.mock import patch

from harness.cli.matrix import read_matrix
from harness.commands.bench import Bench
from harness.scenario import point
from tests.cluster.driver import CELL
from tests.conftest import TINY


def main(address: str, database: str, places: str) -> int:
    point.QUICK = TINY
    words = ["--cluster", address, "--place", places, "--db", database]
    load = ["--scenario", "throughput", "--quick", "--trials", "1", "--no-profilers"]
    # Machines of one machine disturb each other.
    with patch("harness.experiment.bench.session.disturbances", return_value=[]):
        return Bench().main([*CELL, sys.executable, *words, *load], read_matrix())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
