"""Which cells are drained, and on which brokers."""

import pytest

from harness.cli.matrix import Cell, Matrix
from harness.commands import cells as module
from tests.typed import typed

COMMAND = module.COMMAND


@pytest.fixture(autouse=True)
def two_pythons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "interpreters", lambda _: {"3.12": "/a", "3.13": "/b"})


def test_every_version_on_every_python_that_is_here(matrix: Matrix) -> None:
    found = COMMAND.cells(typed("cells", []), matrix)
    assert len(found) == 2 * len(matrix.pins())
    assert {cell.python for cell in found} == {"3.12", "3.13"}


def test_the_ends_are_the_newest_and_the_oldest(matrix: Matrix) -> None:
    asked = typed("cells", ["celery", "raw", "--ends", "--python", "3.13"])
    assert COMMAND.cells(asked, matrix) == [
        Cell("celery", matrix.frameworks["celery"].versions[0], "3.13"),
        Cell("celery", matrix.frameworks["celery"].versions[-1], "3.13"),
        Cell("raw", matrix.frameworks["raw"].versions[0], "3.13"),
    ]


def test_a_broker_leaves_out_frameworks_that_do_not_know_it(matrix: Matrix) -> None:
    asked = typed("cells", ["celery", "oban", "--broker", "redis"])
    assert {cell.framework for cell in COMMAND.cells(asked, matrix)} == {"celery"}
    assert COMMAND.brokers(asked, matrix) == ["redis"]
