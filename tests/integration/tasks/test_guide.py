"""The adapter of CONTRIBUTING.md, as it stands on the page, on the real framework and broker."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from harness.store.vocabulary import Status
from harness.trial.cell import Arm
from infrastructure.root import ROOT
from tests.conftest import TINY
from tests.integration.trials import Trial


def test_the_guides_adapter_measures(
    on_broker: Callable[..., Arm], trial: Trial, tmp_path: Path
) -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text()
    adapter = tmp_path / "by_the_guide.py"
    adapter.write_text(re.findall(r"```python\n(.*?)```", page, re.DOTALL)[0])
    arm = replace(on_broker("dramatiq", "redis"), adapter=str(adapter))
    outcome = trial(arm, "throughput", size=replace(TINY, tasks=200))
    assert outcome.status is Status.OK, f"{outcome.reason}\n{outcome.trial.log_tail}"
    assert outcome.metrics["completed_once"] == 200
