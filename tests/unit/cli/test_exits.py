"""How the harness ended, as nox says it."""

import signal

import pytest

from harness.cli.exits import SAYS_FOUND, said_by_harness
from infrastructure.processes.signals import signal_name


@pytest.mark.parametrize(
    ("code", "passed_on"),
    [(0, 0), (SAYS_FOUND, 1), (2, 2), (3, 3), (4, 4), (130, 130), (1, 4), (120, 4), (-9, 4)],
)
def test_only_an_answer_of_the_harness_is_1(code: int, passed_on: int) -> None:
    assert said_by_harness(code) == passed_on


def test_a_harness_that_was_killed_is_told_with_the_signal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said_by_harness(-signal.SIGKILL)
    assert "killed by SIGKILL" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (9, "SIGKILL"),
        (signal.SIGRTMIN, "SIGRTMIN"),
        (signal.SIGRTMIN + 1, "SIGRTMIN+1"),
        (32, "signal 32"),
        (99, "signal 99"),
    ],
)
def test_every_signal_has_a_name(number: int, name: str) -> None:
    assert signal_name(number) == name
