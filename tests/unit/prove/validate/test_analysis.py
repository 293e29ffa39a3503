"""The proof of the layer that judges can fail: it sees the defect it is there for."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from harness.judge.claims import Claim, Verdict
from harness.judge.verdicts import judge_family
from harness.machine import fingerprint
from harness.prove.validate import analysis
from harness.prove.validate.found import Found
from harness.prove.validate.queues import mm1_p99


@pytest.mark.parametrize(
    "check",
    [
        lambda: mm1_p99(1),
        *(partial(analysis.simulated_equals, 1, shape) for shape in analysis.SHAPES),
        analysis.mutated_fingerprints,
        lambda: analysis.random_plans(1),
    ],
)
def test_a_right_harness_passes(
    check: Callable[[], Found], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 500 simulated experiments, whose bar of 37 a judge wrong in 10 % keeps in 3 of 100
    seeds; ``nox -s validate`` makes 2,000.
    """
    monkeypatch.setattr(analysis, "SIMULATED", 500)
    found = check()
    assert found.passed, found


def test_unpaired_judging_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verdicts that forget the pairing and pool what drifted give false alarms."""

    def unpaired(claims: list[Claim]) -> list[Verdict]:
        (claim,) = claims
        drifting = np.asarray(claim.candidate) * np.linspace(1.0, 1.2, 10)
        return judge_family([Claim(claim.baseline, drifting, 0.05, True)])

    monkeypatch.setattr(analysis, "judge_family", unpaired)
    monkeypatch.setattr(analysis, "SIMULATED", 100)
    assert not analysis.simulated_equals(1).passed


def test_a_skewed_arm_that_is_not_centred_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "SKEWED_CENTRE", -1.0)  # by its least value
    monkeypatch.setattr(analysis, "SIMULATED", 100)
    assert not analysis.simulated_equals(1, "skewed").passed


def test_a_blind_fingerprint_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint, "differ", lambda name, *_: name == "kernel")
    assert not analysis.mutated_fingerprints().passed


def test_a_plan_that_always_begins_with_the_same_arm_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        analysis, "plan_blocks", lambda arms, blocks, _: [tuple(range(arms))] * blocks
    )
    assert not analysis.random_plans(1).passed
