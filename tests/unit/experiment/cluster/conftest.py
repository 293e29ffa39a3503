"""Machines that are played, each with a place of its own for what it measured."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.experiment.cluster.parcel import VARIABLE
from harness.experiment.comparison.comparison import Comparison
from tests.unit.experiment.cluster.made import Machine
from tests.unit.experiment.comparison.made import Maker, Played


@pytest.fixture
def comparison(database: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Comparison:
    """Of two arms and one metric, six blocks, at once."""
    monkeypatch.setattr("harness.experiment.cluster.crew.LOOK_S", 0)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "blocks"))
    return Maker(database, monkeypatch)(lambda *_: Played(100.0), blocks=6)


@pytest.fixture
def machine(comparison: Comparison, tmp_path: Path) -> Callable[..., Machine]:
    return lambda **own: Machine(tmp_path / "blocks", comparison, **own)
