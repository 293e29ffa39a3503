"""What is measured where nobody names a scenario."""

import pytest

from harness.cli.matrix import Matrix
from harness.commands.comparison import chosen, usual_of
from harness.commands.regress import COMMAND


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
