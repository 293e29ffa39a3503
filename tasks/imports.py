"""``python -m tasks.imports``: seconds that importing the adapter, and so its framework, takes."""

import time

from tasks.spec import read_spec


def main() -> None:
    framework = read_spec().framework
    begin = time.perf_counter()
    __import__(f"tasks.frameworks.{framework}")
    print(time.perf_counter() - begin)


if __name__ == "__main__":
    main()
