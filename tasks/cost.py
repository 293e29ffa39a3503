"""``python -m tasks.cost CALLS``: what the probe costs a record in this cell, in microseconds.

A no-op through a probe that is on, minus the same through one that is off; best of five.
"""

import sys
import tempfile
import time
from dataclasses import replace

from tasks.probe import Probe
from tasks.records import wire_seq
from tasks.spec import Spec

ROUNDS = 5
NOBODY = Spec("stub", "", "", "", "", "")


def seconds_a_call(probe: Probe, calls: int) -> float:
    seq = wire_seq("load", 1)
    probe.run(seq, "noop", 0)
    begin = time.perf_counter()
    for _ in range(calls):
        probe.run(seq, "noop", 0)
    return (time.perf_counter() - begin) / calls


def main() -> None:
    calls = int(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="cost-") as folder:
        specs = [replace(NOBODY, records=folder, options={"probe": p}) for p in ("on", "off")]
        on, off = (
            min(seconds_a_call(Probe(spec, dict), calls) for _ in range(ROUNDS)) for spec in specs
        )
    print((on - off) * 1e6)


if __name__ == "__main__":
    main()
