"""From a query to typed rows: the one place where columns of DuckDB become fields."""

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import duckdb

from harness.store.queries import sql

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def fetch_as[T: "DataclassInstance"](
    kind: type[T],
    connection: duckdb.DuckDBPyConnection,
    name: str,
    parameters: Mapping[str, Any] | None = None,
) -> list[T]:
    """The rows of the query ``name``. Raises TypeError unless its columns are the fields of
    ``kind``, in their order.
    """
    done = connection.execute(sql(name), dict(parameters) if parameters else None)
    columns = [column[0] for column in done.description or ()]
    wanted = [field.name for field in fields(kind)]
    if columns != wanted:
        raise TypeError(f"query {name} gives {columns}, and {kind.__name__} has {wanted}")
    return [kind(*row) for row in done.fetchall()]
