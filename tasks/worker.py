"""``python -m tasks.worker``: a programmatic worker, where a command line cannot do it."""

from tasks.adapter import load_adapter
from tasks.spec import read_spec


def main() -> None:
    spec = read_spec()
    load_adapter(spec).work(spec)


if __name__ == "__main__":
    main()
