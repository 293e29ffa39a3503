"""``python -m tasks.bare KIND ARG TIMES``: CPU seconds a call of a body alone, mean and least.

What a framework adds is what its workers take above the mean; no task can take less than the least.
"""

import itertools
import json
import sys
import time
from pathlib import Path

from tasks.bodies import SYNC
from tasks.spec import read_spec
from tasks.work import Site


def main() -> None:
    kind, arg, times = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    spec = read_spec()
    site = Site(Path(spec.records), spec.api)
    body = SYNC[kind]
    body(site, 0, arg)  # imports and documents are made once
    stamps = [time.process_time()]
    for seq in range(times):
        body(site, seq, arg)
        stamps.append(time.process_time())
    each = [after - before for before, after in itertools.pairwise(stamps)]
    print(json.dumps([sum(each) / times, min(each)]))


if __name__ == "__main__":
    main()
