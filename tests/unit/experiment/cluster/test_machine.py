"""A machine measures only for the harness that it has, with cells that it made from the locks."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from harness.cli.arms import Defaults, parse_arm
from harness.cli.matrix import Cell, Matrix
from harness.experiment.cluster import host, machine
from harness.experiment.comparison.comparison import Comparison
from harness.machine.commit import code
from infrastructure.errors import UsageError
from tests.unit.experiment.cluster.made import ground

ANOTHER = "check the same commit out on both, without changes"


def test_another_harness_is_refused(
    comparison: Comparison, matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (machine, host):
        monkeypatch.setattr(module, "commit", lambda: "abc")
    ours = replace(ground(comparison), code=code())
    machine.check_code(ours)
    with pytest.raises(UsageError, match=ANOTHER):
        machine.check_code(replace(ours, code="another"))
    assert host.card_for(code(), [], [], matrix).cells == {}
    with pytest.raises(UsageError, match=ANOTHER):
        host.card_for("another", [], [], matrix)


def test_cells_are_made_once_each_from_the_locks(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Cell] = []

    def make(_: Matrix, cell: Cell) -> Path:
        made.append(cell)
        return Path(f"/built/{cell.framework}")

    monkeypatch.setattr(machine, "cell_python", make)
    monkeypatch.setattr(machine, "install_sqs", lambda _: made.append(Cell("sqs", "", "")))
    defaults = Defaults("3.12", None, "matched")
    arms = [parse_arm(words, matrix, defaults) for words in ("celery", "celery,broker=sqs", "rq")]
    found = machine.built(arms, matrix)
    assert [cell.framework for cell in made] == ["sqs", "celery", "rq"]
    assert {key[0]: python for key, python in found.items()} == {
        "celery": "/built/celery",
        "rq": "/built/rq",
    }
    there = [[*key, python] for key, python in found.items()]
    monkeypatch.setenv(machine.CELLS, json.dumps(there))
    made.clear()
    assert machine.built(arms[::2], matrix) == found
    assert made == []
