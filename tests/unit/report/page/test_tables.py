"""What stands under a table."""

from types import SimpleNamespace
from typing import Any

import pytest

from harness.report.page.tables import GENERATOR, PINNED, note, pinned


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (["sojourn_p50", "sojourn_p99", "sojourn_p999"], True),
        (["sojourn_p50"], True),
        (["drain_rate"], False),
    ],
)
def test_under_every_latency_it_is_said_that_the_generator_runs_before_the_queue(
    kept: list[str], *, told: bool
) -> None:
    assert (GENERATOR in note(kept, [])) is told
    assert "runs before the queue" in GENERATOR


def test_it_is_said_whose_workers_were_pinned() -> None:
    """Of three arms: pinned, asked for on too few cores, never asked for."""
    states = [SimpleNamespace(arm=n, label=f"arm {n}") for n in (1, 2, 3, 1)]
    medians = [SimpleNamespace(arm=1, median=2.0), SimpleNamespace(arm=2, median=0.0)]
    found: Any = SimpleNamespace(states=states, medians_of={"workers_pinned": medians}.__getitem__)
    assert pinned(found) == f"arm 1: {PINNED}"
    medians.clear()
    assert pinned(found) == ""
