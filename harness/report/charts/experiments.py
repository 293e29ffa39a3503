"""What the report draws of interleaved experiments, version series and searches for a rate."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from harness.judge.search import Bracket
from harness.measure.validity import BEHIND
from harness.report.charts import charts
from harness.report.charts.charts import Panel
from harness.scenario.catalogue import load_words

Row = dict[str, Any]
MOST_PANELS = 12


def grouped(rows: Sequence[Row], *names: str) -> list[list[Row]]:
    """Rows that agree in ``names`` together, in order of first appearance."""
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in names), []).append(row)
    return list(found.values())


def what(row: Row) -> str:
    load = load_words((row["scenario"], row["point"]))
    return f"{load}: {row['metric'].replace('_', ' ')}"


def block_panels(rows: Sequence[Row]) -> list[Panel]:
    """One a shown verdict: does every block say the same?"""
    pairs = grouped(rows, "experiment_id", "scenario", "point", "metric", "baseline",
                    "candidate")  # fmt: skip
    return [
        replace(charts.blocks(what(pair[0]), pair), experiment=pair[0]["experiment_id"])
        for pair in pairs
    ]


def series_panels(rows: Sequence[Row], changes: Sequence[Row]) -> list[Panel]:
    """One a metric of a version series, with its candidate change points."""
    key = ("experiment_id", "scenario", "point", "metric")
    panels = []
    for own in grouped(rows, *key):
        steps = [c for c in changes if all(c[k] == own[0][k] for k in key)]
        panel = charts.series(what(own[0]), own, steps)
        panels.append(replace(panel, experiment=own[0]["experiment_id"]))
    return panels


def search_panels(rows: Sequence[Row]) -> list[Panel]:
    """The load-latency curve of each arm's search."""
    return [charts.knee(own[0]["label"], own, held(own)) for own in grouped(rows, "arm")]


def held(rows: Sequence[Row]) -> str:
    """The result of an arm's search in words."""
    found = Bracket(rows[0]["low"], rows[0]["high"])
    behind = any(r["offered"] == found.high and BEHIND in str(r["reason"]) for r in rows)
    return found.in_words(rows[0]["slo"], behind=behind)
