"""``taskqueue-bench``: what nox does in a checkout, from wherever the package is installed.

The project lies beside this file in a wheel, and around it in a checkout. It is a folder of modules
on a path of its own, so that its cells see these and nothing else that is installed here.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE / "project" if (HERE / "project").is_dir() else HERE.parent


def main() -> int:
    sys.path.insert(0, str(PROJECT))
    from taskqueue_bench.program import main as program

    return program(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
