"""Bodies by kind."""

from tasks import bodies
from tasks.records import (
    KINDS,
)


def test_every_kind_has_both_bodies() -> None:
    assert tuple(bodies.SYNC) == tuple(bodies.ASYNC) == KINDS
