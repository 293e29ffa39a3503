"""A network before the broker: queues whose round trips are known come out right."""

import pytest

from harness.judge.round_trips import RoundTrips, fit
from tests.integration.trials import Trial, sound

RTTS = (0.0, 1.0, 5.0)
TIMES = ("time_per_task", "enqueue_p50", "wait_p50", "sojourn_p50")


def least(trials: list[dict[str, float]]) -> dict[str, float]:
    """The first with the least times of all: a busy machine only adds to them."""
    return trials[0] | {name: min(trial[name] for trial in trials) for name in TIMES}


def waited(found: list[dict[str, float]], name: str) -> RoundTrips:
    """Through three round-trip times, on a machine that may be busy."""
    rtts = [metrics["network_round_trip_real"] for metrics in found]
    fitted = fit(rtts, [metrics[name] for metrics in found])
    assert fitted is not None
    return fitted


def test_known_round_trips_are_found(point_trial: Trial) -> None:
    """The stub waits for an answer when it sends, when it claims and when it acknowledges."""
    found = [
        least(
            [sound(point_trial("stub", "network_delay", f"one slot, {r:g} ms")) for _ in range(2)]
        )
        for r in RTTS
    ]
    # Close enough to tell one from two and two from three on a machine that may be busy.
    assert waited(found, "time_per_task").count == pytest.approx(2, abs=0.45)
    assert waited(found, "enqueue_p50").count == pytest.approx(1, abs=0.45)
    # To the broker, and on to a worker that already waits there: half of one each way.
    assert waited(found, "wait_p50").count == pytest.approx(1, abs=0.45)
    assert waited(found, "sojourn_p50").count == pytest.approx(1, abs=0.45)
    for metrics in found:
        assert metrics["broker_commands_per_task"] == pytest.approx(2, abs=0.1)
        assert metrics["broker_requests_per_task"] == pytest.approx(2, abs=0.1)


def test_the_floor_waits_for_what_it_asks_and_for_its_way(
    point_trial: Trial,
) -> None:
    """BLMOVE, the body, LREM; one LPUSH to send."""
    found = sound(point_trial("raw", "network_delay", "one slot, 5 ms"))
    assert found["time_per_task"] >= 2 * 5
    assert found["enqueue_p50"] >= 5
    assert found["broker_commands_per_task"] == pytest.approx(2, abs=0.1)
    assert found["network_cpu_per_task"] > 0
