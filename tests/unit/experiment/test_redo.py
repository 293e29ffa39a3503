"""What is run again, how often, and what is said of it."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from harness.experiment.redo import Redo, disturbances
from harness.store.vocabulary import Status

LOAD, STEAL, LATE = ("throughput", ""), "steal percent 9 exceeds 2", "generator lag: p99 3 ms"


def outcome(status: Status, reason: str = "", *flags: str) -> Any:
    return SimpleNamespace(status=status, reason=reason, flags=[*flags])


@pytest.mark.parametrize(
    ("trial", "found"),
    [
        (outcome(Status.OK), []),
        (outcome(Status.OK, "", STEAL), [STEAL]),
        (outcome(Status.INVALID, LATE), [LATE]),
        (outcome(Status.INVALID, f"{LATE}; lost: 1 of 9"), []),
        (outcome(Status.FAILED, "the broker died"), []),
    ],
)
def test_the_surroundings_are_the_environment_and_the_load_generator(
    trial: Any, found: list[str]
) -> None:
    assert disturbances(trial) == found


def after(disturbed: int, flag: str = STEAL) -> Callable[[], list[str]]:
    """A trial that is disturbed so many times, and then sound."""
    coming: Iterator[list[str]] = iter([[flag]] * disturbed)
    return lambda: next(coming, [])


def test_it_ends_with_the_first_that_is_sound() -> None:
    redo = Redo()
    assert list(redo.again(LOAD, "trial 1", after(2))) == [STEAL, STEAL]
    assert (redo.times, redo.never) == (2, [])


def test_it_is_bounded_for_each_and_for_all() -> None:
    redo = Redo(all_in_all=4)
    assert len(list(redo.again(LOAD, "trial 1", after(99)))) == 3
    assert len(list(redo.again(LOAD, "trial 2", after(99)))) == 1
    assert len(list(redo.again(LOAD, "trial 3", after(99)))) == 0
    assert redo.never == [f"trial {number}, was never undisturbed: {STEAL}" for number in (1, 2, 3)]


def test_what_is_too_much_for_the_generator_is_found_out_once() -> None:
    redo = Redo()
    assert len(list(redo.again(LOAD, "trial 1", after(99, LATE)))) == 3
    assert not list(redo.again(LOAD, "trial 2", after(99, LATE)))
    assert len(list(redo.again(("mixed", ""), "trial 3", after(99, LATE)))) == 3


def test_what_it_cost_is_said_with_what_to_type() -> None:
    redo = Redo()
    assert not list(redo.said("a trial", "nox -s x"))
    list(redo.again(LOAD, "trial 1 of throughput", after(1)))
    assert list(redo.said("a trial", "nox -s x")) == [
        "the machine was busy: a trial was run again 1 time, 0 stayed disturbed"
    ]
    list(redo.again(LOAD, "trial 2 of throughput", after(99)))
    said = "\n".join(redo.said("a trial", "nox -s x"))
    assert "run again 4 times, 1 stayed disturbed" in said
    assert f"trial 2 of throughput, was never undisturbed: {STEAL}" in said
    assert "nox -s doctor" in said
    assert said.endswith("type again: nox -s x")
