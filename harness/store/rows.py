"""Rows as they are stored, and the tables that a trial fills."""

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass
class ExperimentRow:
    """The columns of table ``experiment``, in its order; docs/schema.md says what each holds."""

    experiment_id: str
    created_at: str
    command: str
    size: str
    factor: str
    seed: int
    options: str
    harness_version: str
    harness_commit: str


def as_table(rows: "list[Row] | pa.Table") -> pa.Table:
    return rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(rows)
