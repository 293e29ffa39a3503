"""Refusals and flags of ratios across experiments: every field, mutated, is named."""

import pytest

from harness.machine.environment import DISTURBING
from harness.machine.fingerprint import FLAGGING, MOVED, REFUSING, difference
from harness.machine.reading import UNREADABLE

SAME: dict[str, list[str]] = {
    **{name: ["as it was"] for name in (*REFUSING, *FLAGGING)},
    **{name: ["100", "101"] for name in MOVED},
    **{name: ["0.5"] for name in DISTURBING},
}


def test_the_same_is_neither_refused_nor_flagged() -> None:
    found = difference(SAME, SAME)
    assert (found.refused, found.flagged) == ([], [])


@pytest.mark.parametrize("name", REFUSING)
@pytest.mark.parametrize("values", [["changed"], ["as it was", "changed"], []])
def test_a_mutated_field_is_refused_by_name(name: str, values: list[str]) -> None:
    found = difference(SAME, {**SAME, name: values})
    (sentence,) = found.refused
    assert sentence.startswith(f"{name}: as it was against ")
    assert found.flagged == []


@pytest.mark.parametrize("name", FLAGGING)
def test_a_mutated_soft_field_is_flagged_by_name(name: str) -> None:
    found = difference(SAME, {**SAME, name: ["changed"]})
    assert found.refused == []
    assert found.flagged == [f"{name}: as it was against changed"]


@pytest.mark.parametrize("name", MOVED)
def test_a_number_that_moved_is_flagged_and_one_that_did_not_is_not(name: str) -> None:
    nearly, far = 100.5 * (1 + MOVED[name] * 0.9), 100.5 * (1 - MOVED[name] * 1.1)
    assert difference(SAME, {**SAME, name: [str(nearly)]}).flagged == []
    (sentence,) = difference(SAME, {**SAME, name: [str(far)]}).flagged
    assert sentence.startswith(f"{name}: 100.5 against ")
    assert difference(SAME, {**SAME, name: [UNREADABLE]}).flagged == []


@pytest.mark.parametrize("name", DISTURBING)
def test_a_disturbed_trial_on_either_side_is_flagged(name: str) -> None:
    bad = {**SAME, name: ["0.1", "77"]}
    for pair in ((SAME, bad), (bad, SAME)):
        assert difference(*pair).flagged == [f"{name}: up to 77, above {DISTURBING[name]:g}"]


def test_a_declared_factor_may_differ_and_nothing_else() -> None:
    other = {**SAME, "python_build": ["3.13"], "kernel": ["7.0"]}
    found = difference(SAME, other, factors=["python"])
    assert found.refused == ["kernel: as it was against 7.0"]
