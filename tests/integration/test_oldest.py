"""The oldest pinned version of every framework drains a backlog; the newest do in
``test_frameworks``. All of them, on every Python and broker: ``nox -s cells``.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.cli.matrix import Cell
from harness.prove.drains import Drain, drain_all
from harness.trial.cell import Arm
from tests.conftest import TINY, cell_of, missing
from tests.integration.trials import MATRIX, Trial, sound


@pytest.mark.parametrize("cell", MATRIX.oldest("3.12"), ids=lambda cell: cell.framework)
def test_a_backlog_is_drained(on_broker: Callable[..., Arm], trial: Trial, cell: Cell) -> None:
    executable = cell_of(f"{cell.framework}-{cell.version}")
    if not executable.exists():
        missing(f"the cell {executable.parent.parent}")
    arm = on_broker(cell.framework, MATRIX.frameworks[cell.framework].brokers[0])
    oldest = replace(arm, version=cell.version, executable=str(executable))
    sound(trial(oldest, "throughput", size=replace(TINY, tasks=200)))


def test_what_does_not_drain_is_counted(
    make_arm: Callable[..., Arm], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arm = make_arm()
    here = Cell("stub", "1.0", arm.python)
    drains = [Drain(here, "stub", arm.executable), Drain(here, "stub", "/none/bin/python")]
    assert drain_all(drains, tmp_path, 7) == 1
    works, broken, total = capsys.readouterr().out.splitlines()
    assert works.endswith("drained")
    assert "cannot be started" in broken
    assert total == "1 of 2 drained 200 tasks each"
