"""What a row of a query is."""

from dataclasses import dataclass
from typing import dataclass_transform


@dataclass_transform(frozen_default=True)
def row[T](kind: type[T]) -> type[T]:
    """A frozen dataclass: its fields are the columns of the query, in their order."""
    return dataclass(frozen=True)(kind)
