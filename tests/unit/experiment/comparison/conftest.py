"""Comparisons without a load."""

from pathlib import Path

import pytest

from tests.unit.experiment.comparison.made import Maker


@pytest.fixture
def make(database: Path, monkeypatch: pytest.MonkeyPatch) -> Maker:
    return Maker(database, monkeypatch)
