"""The observer effect is judged by how well it is known."""

from pathlib import Path

import numpy as np
import pytest

from harness.measure.layouts import Array
from harness.prove.selfbench import observer as measured
from harness.prove.validate import own_costs
from harness.prove.validate.session import Sizes, ValidateSession


@pytest.mark.parametrize(
    ("effect", "noise", "pairs", "passes"),
    [
        (0.0, 0.002, 20, True),
        (0.0, 0.015, 40, True),
        (0.03, 0.002, 20, True),
        (0.0, 0.2, 60, False),
    ],
)
def test_the_observer_effect_is_judged_by_its_interval(
    monkeypatch: pytest.MonkeyPatch, effect: float, noise: float, pairs: int, passes: bool
) -> None:
    """Narrow: settled by the fewest pairs, whichever way. Wide: goes on, and never passes wide.
    What is beyond 2 % is known and said: METHOD 9 wants the cost printed then.
    """
    rng = np.random.default_rng(3)

    def twenty(*_: object) -> Array:
        return rng.normal(effect, noise, (20, 2))

    monkeypatch.setattr(measured, "observed_pairs", twenty)
    monkeypatch.setattr(own_costs, "rough_capacity", lambda *_: None)
    session = ValidateSession(Path("unused"), [], "1.0", Sizes(), seed=1)
    found = own_costs.observer(session, session.stub_arm())
    assert found.passed == passes
    assert f"{pairs} pairs" in found.sentence
    if passes:
        assert ("equivalent within 2 %" in found.sentence) == (effect < 0.02)
