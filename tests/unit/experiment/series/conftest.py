"""Series without a load."""

from pathlib import Path

import pytest

from tests.unit.experiment.comparison.made import Maker
from tests.unit.experiment.series.made import MadeSeries


@pytest.fixture
def make(database: Path, monkeypatch: pytest.MonkeyPatch) -> MadeSeries:
    return MadeSeries(database, Maker(database, monkeypatch), monkeypatch)
