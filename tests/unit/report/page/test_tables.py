"""What stands under a table."""

import pytest

from harness.report.page.tables import GENERATOR, note


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
