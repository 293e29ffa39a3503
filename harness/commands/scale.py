"""``scale``: what more workers than there are machines for would do, simulated from what was
measured.
"""

import argparse
from typing import TYPE_CHECKING

from harness.cli.command import Command
from harness.cli.matrix import Matrix
from harness.cli.options import add_database
from harness.cli.parser import Parser, above_zero, positive
from infrastructure.errors import UsageError

if TYPE_CHECKING:
    from harness.experiment.scale.read import Known
    from harness.judge.scale_out.limits import Connections

# How many connections a broker takes unless it is told otherwise, and how many of its cores serve
# one queue: Redis carries commands out in one thread.
LIMITS = {"redis": 10_000, "postgresql": 100, "mysql": 151}
ONE_CORE = {"redis", "stub"}


class Scale(Command):
    name = "scale"
    help = "Simulate up to 1,000 workers from what network_delay measured: what saturates first."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add = parser.add_argument
        add_database(parser)
        add("--experiment", help="of this one (the newest with trials of network_delay)")
        add(
            "--rtt",
            type=above_zero("milliseconds"),
            default=0.5,
            help="ms to the broker and back (0.5)",
        )
        add("--workers", type=positive, default=1000, help="processes, at most (1000)")
        add("--broker-cores", type=positive, help="that serve the queue (Redis 1, else 2)")
        add("--connections", type=positive, help="that the broker takes (its default)")
        add("--no-check", action="store_true", help="do not simulate what was measured too")

    def run(self, options: argparse.Namespace, _matrix: Matrix) -> int:
        from rich.console import Console

        from harness.experiment.scale.check import beside
        from harness.experiment.scale.read import known_of, read_arms
        from harness.experiment.scale.say import say
        from harness.judge.scale_out.limits import outlook
        from harness.judge.scale_out.network import Site

        console = Console(highlight=False)
        experiment, arms = read_arms(options.db, options.experiment)
        console.print(f"simulated, from experiment {experiment}; each worker has a core of its own")
        told = 0
        for known in map(known_of, arms):
            if isinstance(known, str):
                console.print(f"[yellow]{known}[/]")
                continue
            cores = options.broker_cores or (1 if known.arm.broker in ONE_CORE else 2)
            site = Site(1, known.slots, options.rtt / 1e3, cores)
            found = outlook(known.costs, site, options.workers, connections(options, known))
            measured_on = None if options.no_check else known.arm.cores
            checked = list(beside(known, measured_on)) if measured_on else []
            say(console, known, found, checked, options.rtt)
            told += 1
        if not told:
            raise UsageError("scale: no arm was measured as it takes, see above")
        return 0


def connections(options: argparse.Namespace, known: "Known") -> "Connections | None":
    """None where it is not known how many the broker takes, or a worker opens."""
    from harness.judge.scale_out.limits import Connections

    limit = options.connections or LIMITS.get(known.arm.broker)
    if limit is None or known.connections is None:
        return None
    return Connections(limit, known.connections)


COMMAND = Scale()
