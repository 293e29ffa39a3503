"""Rows as they are stored, and the tables that a trial fills."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

TABLES = (
    "task_record",
    "warmup_record",
    "event_record",
    "request_record",
    "checkpoint",
    "resource_sample",
    "depth_sample",
    "metric",
    "setting",
    "profile",
    "stack",
    "allocation",
    "environment",
    "package",
)

Row = dict[str, Any]
Tables = Mapping[str, "list[Row] | pa.Table"]


def as_table(rows: "list[Row] | pa.Table") -> pa.Table:
    return rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(rows)
