"""``cluster``: the scheduler of a cluster, and the worker of each machine, by Dask's own programs.

Dask can start them in other ways too (SSH, Kubernetes, Slurm): docs/cluster.md.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from harness.cli.cluster import TLS, add_tls, check_tls, cluster_address
from harness.cli.command import Command
from harness.cli.matrix import Matrix
from harness.cli.parser import Parser, one_of, port
from infrastructure.errors import UsageError
from infrastructure.root import ROOT

SCHEDULER, WORKER = "scheduler", "worker"
# One block at a time; no second process, and no limit that would kill it.
ONE = ("--nworkers", "1", "--nthreads", "1", "--no-nanny", "--memory-limit", "0")
# Without an address of its own, what tells of its health would listen on all of them.
QUIET = ("--no-dashboard", "--dashboard-address", "127.0.0.1:0")


class ClusterCommand(Command):
    name = "cluster"
    help = "Start the scheduler of a cluster, or this machine's worker, for --cluster."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add = parser.add_argument
        add("role", nargs="?", type=one_of("role", [SCHEDULER, WORKER]), help="what to start")
        add("address", nargs="?", type=cluster_address, help="worker: the scheduler's")
        add("--host", help="the address of this machine to listen on, and no other")
        add("--port", type=port, default=8786, help="scheduler: the port (8786)")
        add("--name", help="worker: what to call this machine (its address)")
        add("--resources", help="worker: what it has, for --place ROLE=resource:NAME: broker=1")
        add_tls(add)

    def check(self, options: argparse.Namespace, _matrix: Matrix) -> None:
        if options.role is None:
            raise UsageError("cluster: say what to start: scheduler or worker")
        if not options.host:
            raise UsageError(
                f"cluster: name the address to listen on: {options.role} … --host 10.0.0.1 (or "
                "127.0.0.1 for this machine alone)"
            )
        if (options.role == WORKER) != bool(options.address):
            raise UsageError("cluster: worker tcp://HOST:PORT, and scheduler without an address")
        if options.role == WORKER:
            check_tls(options, options.address)

    def run(self, options: argparse.Namespace, _matrix: Matrix) -> int:
        words = worker(options) if options.role == WORKER else scheduler(options)
        sys.stdout.flush()
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-P", "-m", *words])  # noqa: S606  no shell


def scheduler(options: argparse.Namespace) -> Sequence[str]:
    where = ("--host", options.host, "--port", str(options.port), *QUIET)
    return ["distributed.cli.dask_scheduler", *where, *protocol(options), *files(options)]


def worker(options: argparse.Namespace) -> Sequence[str]:
    asked = {"--name": options.name, "--resources": options.resources}
    named = [word for name, value in asked.items() if value for word in (name, value)]
    where = (options.address, "--host", options.host)
    return ["distributed.cli.dask_worker", *where, *ONE, *QUIET, *named, *files(options)]


def protocol(options: argparse.Namespace) -> Sequence[str]:
    return ("--protocol", "tls") if options.tls_ca_file else ()


def files(options: argparse.Namespace) -> Sequence[str]:
    given = {name: getattr(options, name) for name in TLS}
    return [
        w for name, file in given.items() if file for w in (f"--{name.replace('_', '-')}", file)
    ]


COMMAND = ClusterCommand()
