"""Slopes of what may drift."""

import pytest

from scenarios.soak import slopes


def test_slopes_are_by_the_hour_and_leave_the_first_minute_out() -> None:
    checkpoints = [{"sojourn_p50": 99.0}] + [{"sojourn_p50": 5.0 + n / 60} for n in range(10)]
    found = {m.name: m for m in slopes(checkpoints, 60.0)}
    assert found["sojourn_p50_slope"].value == pytest.approx(1.0)
    assert found["sojourn_p50_slope"].unit == "ms/h"
    assert set(found) == {f"sojourn_p50_slope{end}" for end in ("", "_low", "_high")}
    assert slopes(checkpoints[:6], 60.0) == []
