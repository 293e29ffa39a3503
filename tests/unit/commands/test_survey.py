"""Which arms a survey has, and which it leaves out."""

import pytest

from harness.cli.matrix import Matrix, read_matrix
from harness.commands.survey import COMMAND, left_out_of
from infrastructure.errors import UsageError


def arms(*words: str) -> list[tuple[str, str]]:
    matrix = read_matrix()
    found = COMMAND.arms(COMMAND.parse(words, matrix), matrix)
    return [(arm.framework, arm.broker) for arm in found]


def test_the_floor_and_every_framework_of_the_broker_are_arms(matrix: Matrix) -> None:
    known = matrix.frameworks.values()
    for broker in ("redis", "postgresql"):
        own = {f.name for f in known if broker in f.brokers}
        assert arms("--broker", broker)[0] == ("raw", broker)
        assert {name for name, _ in arms("--broker", broker)} == own
    assert arms() == arms("--broker", "redis")


def test_each_is_on_the_first_of_several_brokers_with_a_floor_on_each(matrix: Matrix) -> None:
    found = arms("--broker", "redis", "--broker", "postgresql")
    assert found[:2] == [("raw", "redis"), ("raw", "postgresql")]
    assert ("celery", "redis") in found
    assert ("chancy", "postgresql") in found
    assert {name for name, _ in found} == set(matrix.frameworks) - {"stub"}
    assert arms("rq", "--broker", "redis", "--broker", "postgresql") == [
        ("raw", "redis"),
        ("rq", "redis"),
    ]


def test_those_left_out_are_named_with_the_reason(matrix: Matrix) -> None:
    options = COMMAND.parse(["rq", "chancy"], matrix)
    [(arm, why)] = left_out_of(options, matrix)
    assert (arm.framework, arm.broker) == ("chancy", "redis")
    assert why == "not on redis, only on postgresql"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chancy"], "none of chancy runs on redis"),
        (["--provider", "url", "--broker-url", "redis://h/0"], "each arm stands on a server of"),
        (["selery"], "did you mean 'celery'"),
    ],
)
def test_what_means_nothing_is_refused(matrix: Matrix, words: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        COMMAND.parse(words, matrix)
