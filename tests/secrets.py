"""Secrets that are known within a test only."""

from collections.abc import Iterator
from contextlib import contextmanager

from infrastructure.redact import KNOWN, patterns


@contextmanager
def forgotten() -> Iterator[None]:
    """What became known meanwhile is no secret afterwards."""
    before = set(KNOWN)
    try:
        yield
    finally:
        KNOWN.clear()
        KNOWN.update(before)
        patterns.cache_clear()
