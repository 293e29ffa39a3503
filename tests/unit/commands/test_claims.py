"""What may be typed after ``claims``, and what is built for it."""

import pytest

from harness.cli.matrix import Matrix
from harness.commands.claims import COMMAND
from infrastructure.errors import UsageError


def test_the_cells_are_those_of_the_claims_named(matrix: Matrix) -> None:
    def cells(*words: str) -> set[str]:
        return {c.framework for c in COMMAND.cells(COMMAND.parse(words, matrix), matrix)}

    assert cells("arq-poll") == {"arq"}
    assert cells("arq-poll", "saq-arq") == {"arq", "saq"}
    assert cells("arq-poll") < cells()


def test_the_brokers_are_those_of_the_arms(matrix: Matrix) -> None:
    assert set(COMMAND.brokers(COMMAND.parse(["arq-poll"], matrix), matrix)) == {"redis"}
    every = COMMAND.brokers(COMMAND.parse([], matrix), matrix)
    assert {"redis", "postgresql", "rabbitmq"} <= set(every)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["arq-pol"], "did you mean 'arq-poll'"),
        (["--provider", "url", "--broker-url", "redis://h/0"], "several brokers"),
        (["--max-time", "soon"], "a time such as"),
        (["--blocks", "0"], "at least 1"),
    ],
)
def test_what_means_nothing_is_refused(matrix: Matrix, words: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        COMMAND.parse(words, matrix)
