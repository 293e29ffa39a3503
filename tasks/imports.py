"""``python -m tasks.imports``: seconds that importing the adapter, and so its framework, takes."""

import time

from tasks.adapter import load_adapter
from tasks.spec import read_spec


def main() -> None:
    spec = read_spec()
    begin = time.perf_counter()
    load_adapter(spec)
    print(time.perf_counter() - begin)


if __name__ == "__main__":
    main()
