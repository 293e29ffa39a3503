"""``taskqueue-bench``: what nox does in a checkout, from wherever the package is installed.

The project lies beside this file in a wheel, and around it in a checkout. It is a folder of modules
on a path of its own, so that its cells see these and nothing else that is installed here.
"""

import sys
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE / "project" if (HERE / "project").is_dir() else HERE.parent


def main() -> int:
    sys.path.insert(0, str(PROJECT))
    try:
        from taskqueue_bench.program import main as program

        return program(sys.argv[1:])
    except Exception:  # noqa: BLE001  printed; Python would end with 1, which is a finding's
        traceback.print_exc()
        return 4


if __name__ == "__main__":
    sys.exit(main())
