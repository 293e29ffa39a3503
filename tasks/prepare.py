"""``python -m tasks.prepare``: what must stand at the broker before the first worker comes, where
the framework has no command that makes it.
"""

import asyncio

from tasks.adapter import load_adapter
from tasks.spec import read_spec


def main() -> None:
    spec = read_spec()
    asyncio.run(load_adapter(spec).prepare(spec))


if __name__ == "__main__":
    main()
