"""From what a trial has gathered to rows of the database."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from harness.measure.metrics import Metric
from harness.measure.sampler import Usage
from harness.store.rows import Row
from infrastructure.redact import redacted_within
from infrastructure.service import Depth


def usage_rows(trial_id: str, usages: Iterable[Usage]) -> list[Row]:
    return [{"trial_id": trial_id, **vars(usage)} for usage in usages]


def depth_rows(trial_id: str, depths: Iterable[tuple[int, Depth]]) -> list[Row]:
    return [{"trial_id": trial_id, "at_ns": at_ns, **vars(depth)} for at_ns, depth in depths]


def metric_rows(trial_id: str, metrics: Iterable[Metric]) -> list[Row]:
    """Rows of finite metrics: what could not be computed is absent, never zero."""
    return [
        {"trial_id": trial_id, "name": m.name, "value": float(m.value), "unit": m.unit}
        for m in metrics
        if np.isfinite(m.value)
    ]


def setting_rows(
    trial_id: str, asked: Mapping[str, Any], readings: Sequence[Mapping[str, Any]]
) -> list[Row]:
    """What was read back, beside what was asked; and what was asked and nobody read back."""
    said = {name: json.dumps(redacted_within(value)) for name, value in asked.items()}
    rows: list[Row] = [
        {
            "trial_id": trial_id,
            "pid": reading["pid"],
            "source": reading["source"],
            "name": name,
            "effective": json.dumps(redacted_within(value)),
            "asked": said.get(name),
        }
        for reading in readings
        for name, value in reading.items()
        if name not in {"pid", "source"}
    ]
    unread: Row = {"trial_id": trial_id, "pid": None, "source": None, "effective": None}
    missing = said.keys() - {row["name"] for row in rows}
    return [*rows, *({**unread, "name": n, "asked": said[n]} for n in said if n in missing)]


def environment_rows(trial_id: str, environment: Mapping[str, str]) -> list[Row]:
    return [{"trial_id": trial_id, "name": n, "value": v} for n, v in environment.items()]
