"""A core for each worker process while a backlog is drained, where a comparison asks for it.

Left to itself, the kernel sometimes has two workers on one core while another idles. A worker that
stays on its own core cannot come into that state: its rate scatters less, and it is another rate.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager

from infrastructure.processes.pins import Pins

PINNED = "pinned"  # an option of a point
Cores = Sequence[frozenset[int]]


def seats_of(commands: Sequence[AbstractSet[int]], ran: Collection[int]) -> list[frozenset[int]]:
    """Processes that have a core together: all of a command; where several of them have run tasks,
    as in a pool, each of those by itself. The rest of a pool, such as the parent, has no seat.
    """
    seats = []
    for members in commands:
        pool = sorted(members & frozenset(ran))
        own = [{pid} for pid in pool] if len(pool) > 1 else [members]
        seats += [frozenset(each) for each in own]
    return seats


@contextmanager
def seated(
    seats: Sequence[frozenset[int]], cores: Cores, members: Callable[[], Iterable[int]]
) -> Iterator[int]:
    """How many have a core of their own while it is entered: all of them, or none where there are
    too few. Nobody is moved then: two on one core and one on another would be no fair place.
    ``members``: all processes of the workers as they are; a child has its parent's core, however
    late it was born, and is let go with it.
    """
    if len(seats) > len(cores):
        yield 0
        return
    workers = Pins(members)
    try:
        for pids, core in zip(seats, cores, strict=False):
            Pins(always(pids)).put(core)
        yield len(seats)
    finally:
        workers.give_up()


def always(members: frozenset[int]) -> Callable[[], frozenset[int]]:
    return lambda: members
