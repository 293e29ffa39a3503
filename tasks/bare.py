"""``python -m tasks.bare KIND ARG TIMES``: CPU seconds a call of a body alone, the mean.

What a framework adds is what its workers take above this.
"""

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
    begin = time.process_time()
    for seq in range(times):
        body(site, seq, arg)
    print((time.process_time() - begin) / times)


if __name__ == "__main__":
    main()
