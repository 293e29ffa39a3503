"""``--cluster``: where the machines are that blocks are spread over, and what goes with it.

Standard library only: nox reads it to know which environment to build.
"""

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.cli.arms import ArmRequest
from infrastructure.errors import UsageError

LOCAL = re.compile(r"local:([1-9]\d?)")
ADDRESS = re.compile(r"(tcp|tls)://[^\s/@]+:\d+")
OPTION, STRATA = "--cluster", "--strata"
TLS = ("tls_ca_file", "tls_cert", "tls_key")
# What stays on the machine that it was typed on, or has no meaning for others.
HERE_ONLY = {
    "adapter": "--adapter: a file of this machine",
    "workload": "--workload: a file of this machine",
    "scenario_file": "--scenario-file: a file of this machine",
    "beside": "--with: packages from elsewhere than a lock",
    "metrics_port": "--metrics-port: it serves the trials of this machine",
    "dry_run": "--dry-run: it looks at no other machine; leave --cluster out to see the plan",
    "broker_url": "--broker-url: set BENCH_BROKER_URL for each worker, with a server of its own",
}


@dataclass(frozen=True)
class Cluster:
    """``local``: so many workers of this machine, 0 for those of the scheduler at ``address``."""

    address: str
    local: int = 0
    tls_ca_file: str | None = None
    tls_cert: str | None = None
    tls_key: str | None = None


def cluster_address(word: str) -> str:
    """An argparse type."""
    if not (LOCAL.fullmatch(word) or ADDRESS.fullmatch(word)):
        raise argparse.ArgumentTypeError(
            f"expected tcp://HOST:PORT, tls://HOST:PORT or local:N, found {word!r}"
        )
    return word


def add_cluster(add: Callable[..., argparse.Action]) -> None:
    add_address(
        add,
        "spread whole blocks over the machines of a Dask scheduler, tcp://HOST:PORT or "
        "tls://HOST:PORT; local:N: over N workers of this machine, for a try",
    )
    add(
        STRATA,
        action="store_true",
        help="with --cluster: let unlike machines measure too, each kind as a stratum of its own",
    )


def add_address(add: Callable[..., argparse.Action], purpose: str) -> None:
    add(OPTION, type=cluster_address, metavar="ADDRESS", help=purpose)
    add_tls(add)


def add_tls(add: Callable[..., argparse.Action]) -> None:
    """As Dask's own commands name them."""
    add("--tls-ca-file", metavar="FILE", help="of a tls:// cluster: its CA, PEM")
    add("--tls-cert", metavar="FILE", help="our certificate, PEM")
    add("--tls-key", metavar="FILE", help="our key, PEM")


def check_tls(options: argparse.Namespace, address: str) -> None:
    """Raises UsageError where the files and the address do not go together."""
    given = [name for name in TLS if getattr(options, name)]
    if given and len(given) < len(TLS):
        raise UsageError("--tls-ca-file, --tls-cert and --tls-key go together")
    if given and not address.startswith("tls://"):
        raise UsageError(f"TLS files go with tls://HOST:PORT, found {address or 'no address'}")


def cluster_of(options: argparse.Namespace) -> Cluster | None:
    """None where this machine measures."""
    address = options.cluster
    if not address:
        return None
    local = LOCAL.fullmatch(address)
    return Cluster(
        address, int(local[1]) if local else 0, *(getattr(options, name) for name in TLS)
    )


def check_cluster(options: argparse.Namespace, arms: Sequence[ArmRequest]) -> None:
    """Raises UsageError for what cannot be told to another machine, or means nothing to it."""
    check_tls(options, options.cluster or "")
    strata = vars(options).get("strata")
    if strata and (not options.cluster or LOCAL.fullmatch(options.cluster)):
        raise UsageError(
            f"{STRATA} goes with {OPTION} tcp://HOST:PORT: it is for unlike machines, found "
            f"{options.cluster or 'this machine alone'}"
        )
    if not options.cluster:
        return
    if options.place and (LOCAL.fullmatch(options.cluster) or "netns:" in options.place):
        raise UsageError(
            f"{OPTION} with --place takes tcp://HOST:PORT, and workers of that cluster as hosts; "
            "namespaces of this machine go without it"
        )
    if options.place and strata:
        raise UsageError(f"{STRATA} is for blocks; with --place no block is spread")
    for name, why in HERE_ONLY.items():
        if getattr(options, name, None):
            raise UsageError(f"{OPTION} does not go with {why}")
    if own := [arm.label(()) for arm in arms if arm.sources or arm.adapter]:
        raise UsageError(
            f"{OPTION}: {own[0]}: machines build cells from the locks, so arms are pinned versions"
        )


def check_again(experiment: str, kept: Mapping[str, Any], options: argparse.Namespace) -> None:
    """Raises UsageError where the roles of an experiment to go on with ran on workers of a cluster,
    and none is named now.
    """
    began = kept.get("cluster")
    if began and kept.get("place") and not options.cluster:
        raise UsageError(
            f"--resume {experiment}: its roles run on workers of a cluster "
            f"({kept['place']}): add {OPTION} {began}, or the address that its scheduler has now"
        )


def is_clustered(words: Sequence[str]) -> bool:
    """Whether these words of a command take the environment that has Dask."""
    return any(word.partition("=")[0] == OPTION for word in words)
