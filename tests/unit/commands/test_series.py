"""What may be asked of a series, and which cells one that goes on needs."""

import pytest

from harness.cli.matrix import Cell, Matrix
from harness.commands.series import COMMAND, asked
from harness.trial.plan import UNWATCHED
from infrastructure.errors import UsageError

RELEASES = [
    ["--release", "5.3.6", "2023-11-22", "2023-11-22", "900", ""],
    ["--release", "5.4.0", "2024-04-17", "", "0", "does not start"],
    ["--release", "5.7.0", "2026-11-05", "", "1100", ""],
]
TOLD = ["celery", *(word for words in RELEASES for word in words)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "name a framework: one of"),
        (["selery"], "did you mean 'celery'"),
        (["stub"], "unknown framework 'stub'"),
        (["celery", "--since", "2026"], "expected a day as 2025-01-31, found '2026'"),
        (["celery", "--since", "2026-02-30"], "expected a day"),
        (["celery", "--broker", "kafka"], "valid: redis"),
        (["celery", "--python", "2.7"], "unknown Python"),
        (["celery", "--with", "kombu==5.4.0"], "leave --with, --set and --scenario-file out"),
        (["celery", "--blocks", "0"], "at least 1"),
        (["celery", "--max-time", "7"], "expected a time such as"),
    ],
)
def test_what_means_nothing_is_refused(words: list[str], said: str, matrix: Matrix) -> None:
    with pytest.raises(UsageError) as refused:
        COMMAND.parse(words, matrix)
    assert said in str(refused.value)


def test_usual_words(matrix: Matrix) -> None:
    options = COMMAND.parse(["procrastinate"], matrix)
    assert (options.broker, options.python, options.blocks) == ("postgresql", "3.12", 4)
    assert COMMAND.cells(options, matrix) == []


def test_cells_are_those_of_the_releases_that_run(matrix: Matrix) -> None:
    options = COMMAND.parse(TOLD, matrix)
    assert list(COMMAND.cells(options, matrix)) == [
        Cell("celery", "5.3.6", "3.12", as_of="2023-11-22"),
        Cell("celery", "5.7.0", "3.12"),
    ]
    found = asked(options, matrix, UNWATCHED)
    assert [each.arm.version for each in found.measured] == ["5.3.6", "5.7.0"]
    assert [(each.arm.version, each.why) for each in found.left_out] == [
        ("5.4.0", "does not start")
    ]
    assert (found.fixed, found.scenarios) == ("5.7.0", ["throughput"])
    assert found.kept is not None
    assert found.kept["release"] == options.release
