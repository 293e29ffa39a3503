"""``python -m tests.cluster.half``: what a second host saves, in network namespaces; as root.

The load sleeps nearly all of the time, so that two hosts of one machine do not want its cores.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from harness.store.database import open_database
from tests.cluster.site import namespaces, site_of

BAR = 0.6
LONGEST_S = 600.0
ENDED = (
    "SELECT status, coalesce(reason, ''), count(*) FROM trial WHERE purpose = 'measure' "
    "GROUP BY ALL"
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.cluster.half", description=__doc__)
    parser.add_argument("--blocks", type=int, default=10)
    parser.add_argument("--sleeps", type=float, default=6.0, help="seconds of each load")
    options = parser.parse_args()
    took = [seconds(["one", "two"][:n], options.blocks, options.sleeps) for n in (1, 2)]
    share = took[1] / took[0]
    print(
        f"{options.blocks} blocks of two arms, {options.sleeps:g} s of load each: one host "
        f"{took[0]:.1f} s, two hosts {took[1]:.1f} s, a share of {share:.3f} (bar: {BAR})"
    )
    return 0 if share <= BAR else 1


def seconds(names: list[str], blocks: int, sleeps_s: float) -> float:
    """From the session's start to its end."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-cluster-") as name,
        namespaces(names) as hosts,
        site_of(Path(name), hosts, hosts[0].address.rpartition(".")[0] + ".1") as site,
    ):
        database = Path(name) / "results.duckdb"
        begun = time.monotonic()
        site.start_driver(database, blocks, f"--sleeps={sleeps_s}")
        if (code := site.ended(seconds=LONGEST_S)) != 0:
            sys.exit(f"it ended with {code}\n{site.said('driver')}")
        took = time.monotonic() - begun
        with open_database(database, read_only=True) as connection:
            ended = connection.execute(ENDED).fetchall()
        print(f"{len(names)} host(s): {took:.1f} s", flush=True)
        if (there := sum(trials for *_, trials in ended)) != 2 * blocks:
            sys.exit(f"{there} trials are stored of {2 * blocks}")
        for status, reason, trials in ended:
            print(f"  {trials} trials {status} {reason}", flush=True)
        return took


if __name__ == "__main__":
    sys.exit(main())
