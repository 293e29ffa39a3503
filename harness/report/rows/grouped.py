"""Rows put together."""

from collections.abc import Callable, Hashable, Iterable


def grouped[T](rows: Iterable[T], key: Callable[[T], Hashable]) -> list[list[T]]:
    """Rows with the same key together, in order of first appearance."""
    found: dict[Hashable, list[T]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return list(found.values())
