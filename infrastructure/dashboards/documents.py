"""Dashboards as Grafana reads them.

Plain dictionaries in Grafana's own terms, since a panel has few fields; a test reads them back with
Grafana's types.
"""

from typing import Any

from infrastructure.dashboards.pages import Dashboard
from infrastructure.dashboards.panels import Panel

DATASOURCE = {"type": "prometheus", "uid": "bench-prometheus"}
SCHEMA_VERSION = 39  # Grafana 11; later ones migrate it when they load it
WIDTH, HEIGHT = 12, 8  # of a panel, in a grid 24 wide

Document = dict[str, Any]


def panel_document(panel: Panel, number: int) -> Document:
    targets = [
        {
            "refId": chr(ord("A") + index),
            "datasource": DATASOURCE,
            "expr": query,
            "legendFormat": legend,
            "instant": panel.instant,
            "range": not panel.instant,
            **({"format": "table"} if panel.kind == "table" else {}),
        }
        for index, (legend, query) in enumerate(panel.queries.items())
    ]
    place = number - 1
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.description,
        "datasource": DATASOURCE,
        "targets": targets,
        "gridPos": {
            "x": place % 2 * WIDTH,
            "y": place // 2 * HEIGHT,
            "w": WIDTH,
            "h": HEIGHT,
        },
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
    }


def variable(name: str, query: str) -> Document:
    """A list to choose from, all of it at first."""
    return {
        "name": name,
        "label": name,
        "type": "query",
        "datasource": DATASOURCE,
        "query": {"query": query, "refId": name},
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "current": {"text": "All", "value": "$__all"},
    }


def dashboard_document(dashboard: Dashboard) -> Document:
    every = f'bench_trials_total{{arm=~"{dashboard.arms}"}}'
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": dashboard.description,
        "tags": ["taskqueue-bench"],
        "schemaVersion": SCHEMA_VERSION,
        "editable": False,
        "timezone": "browser",
        "time": {"from": "now-15m", "to": "now"},
        "refresh": "5s",
        "templating": {
            "list": [
                variable("arm", f"label_values({every}, arm)"),
                variable("scenario", f"label_values({every}, scenario)"),
            ]
        },
        "panels": [panel_document(p, n) for n, p in enumerate(dashboard.panels, 1)],
    }
