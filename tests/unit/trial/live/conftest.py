"""A live view of a trial without a process."""

from pathlib import Path

import pytest

from tests.scraped import Scraped
from tests.unit.trial.conftest import MakeTrial


@pytest.fixture
def scraped(make_trial: MakeTrial, tmp_path: Path) -> Scraped:
    trial, records = make_trial(), tmp_path / "records"
    records.mkdir()
    return Scraped(trial.setup, trial.plan, records)
