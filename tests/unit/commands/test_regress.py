"""What is measured where nobody names a scenario."""

from pathlib import Path

import pytest

from harness.cli.matrix import Matrix
from harness.commands.compare import COMMAND as COMPARE
from harness.commands.comparison import Comparison, asked, chosen, usual_of
from harness.commands.regress import COMMAND
from harness.trial.plan import UNWATCHED
from infrastructure.errors import UsageError


@pytest.mark.parametrize(
    ("words", "scenarios"),
    [
        ([], ["throughput"]),
        (["--scenario", "latency"], ["latency"]),
        (["--scenario", "throughput", "--scenario", "latency"], ["throughput", "latency"]),
    ],
)
def test_a_series_measures_what_ends_within_minutes(
    words: list[str], scenarios: list[str], matrix: Matrix
) -> None:
    typed = COMMAND.parse(["celery", "--last", "4", *words], matrix)
    settled = COMMAND.settled(typed, matrix)
    usual = usual_of(settled.command)
    assert list(chosen(settled, COMMAND.arms(settled, matrix), usual)) == scenarios
    assert len(usual_of("compare")) > 1


@pytest.mark.parametrize("words", [[], ["--sequential"]])
@pytest.mark.parametrize("command", [COMMAND, COMPARE])
def test_arms_take_turns_unless_somebody_asks_for_one_after_the_other(
    command: Comparison, words: list[str], matrix: Matrix, tmp_path: Path
) -> None:
    arms = ["celery", "--last", "4"] if command is COMMAND else ["celery", "asynctasq"]
    typed = command.parse([*arms, *words, "--db", str(tmp_path / "r.duckdb")], matrix)
    settled = command.settled(typed, matrix)
    assert asked(settled, command.arms(settled, matrix), UNWATCHED).turns is not bool(words)


def test_workers_are_pinned_where_that_is_typed(matrix: Matrix, tmp_path: Path) -> None:
    words = ["celery", "asynctasq", "--db", str(tmp_path / "r.duckdb")]
    for typed, pinned in ((words, False), ([*words, "--pin"], True)):
        settled = COMPARE.settled(COMPARE.parse(typed, matrix), matrix)
        assert asked(settled, COMPARE.arms(settled, matrix), UNWATCHED).pinned is pinned
    with pytest.raises(UsageError, match="cores of this machine"):
        COMPARE.parse([*words, "--pin", "--cluster", "tcp://h:1"], matrix)
