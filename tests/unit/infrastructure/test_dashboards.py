"""Configuration and dashboards are what the generator writes, and whole."""

import json
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard as GrafanaDashboard

from infrastructure.dashboards.configuration import written
from infrastructure.dashboards.documents import DATASOURCE, dashboard_document
from infrastructure.dashboards.pages import DASHBOARDS
from infrastructure.root import ROOT

DOCUMENTS = [dashboard_document(d) for d in DASHBOARDS]
PANELS = [(d["title"], p) for d in DOCUMENTS for p in d["panels"]]


@pytest.mark.parametrize(("name", "text"), list(written()), ids=[n for n, _ in written()])
def test_the_files_are_what_the_generator_writes(name: str, text: str) -> None:
    path = ROOT / "infrastructure" / name
    assert path.read_text() == text, "run: python -m infrastructure.dashboards"


def test_no_file_is_left_that_nobody_writes() -> None:
    folders = [ROOT / "infrastructure" / name for name in ("grafana", "prometheus")]
    found = {
        p.relative_to(ROOT / "infrastructure").as_posix()
        for folder in folders
        for p in folder.rglob("*")
        if p.is_file()
    }
    assert found == {name for name, _ in written()}


def test_there_are_four_dashboards() -> None:
    titles = [d["title"] for d in DOCUMENTS]
    assert titles == ["AsyncTasQ", "Celery", "System", "Comparison"]
    assert len({d["uid"] for d in DOCUMENTS}) == 4


@pytest.mark.parametrize(("title", "panel"), PANELS, ids=[f"{t}: {p['title']}" for t, p in PANELS])
def test_every_panel_says_what_it_shows(title: str, panel: dict[str, Any]) -> None:
    assert title
    assert panel["title"]
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["targets"]
    assert panel["datasource"] == DATASOURCE
    for target in panel["targets"]:
        assert target["expr"]
        assert target["legendFormat"]
        assert target["datasource"] == DATASOURCE


def test_panels_of_a_dashboard_do_not_overlap() -> None:
    for document in DOCUMENTS:
        places = [(p["gridPos"]["x"], p["gridPos"]["y"]) for p in document["panels"]]
        assert len(set(places)) == len(places)
        assert len({p["id"] for p in document["panels"]}) == len(places)


@pytest.mark.parametrize("document", DOCUMENTS, ids=[d["title"] for d in DOCUMENTS])
def test_grafanas_own_types_hold_all_of_a_dashboard(document: dict[str, Any]) -> None:
    register_default_plugins()
    read = json.loads(JSONEncoder().encode(GrafanaDashboard.from_json(document)))
    assert lost(document, read) == []


def lost(ours: Any, theirs: Any, where: str = "") -> list[str]:
    """What of ours is not in theirs, which may have defaults beside it."""
    if isinstance(ours, dict):
        return [
            found
            for key, value in ours.items()
            for found in (
                lost(value, theirs[key], f"{where}/{key}") if key in theirs else [f"{where}/{key}"]
            )
        ]
    if isinstance(ours, list) and len(ours) == len(theirs):
        pairs = zip(ours, theirs, strict=True)
        return [found for n, (a, b) in enumerate(pairs) for found in lost(a, b, f"{where}/{n}")]
    return [] if ours == theirs else [where]
