"""``python -m tasks.frameworks.raw.create``: makes the table before the first worker comes."""

from tasks.frameworks.raw import client_of
from tasks.spec import read_spec


def main() -> None:
    spec = read_spec()
    client_of(spec).create(spec)


if __name__ == "__main__":
    main()
