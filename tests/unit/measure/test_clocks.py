"""Clocks of other hosts: known answers, and bounds that hold whatever the ways take."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.measure.clocks import SAME, Clock, Ping, estimate
from infrastructure.errors import TrialFailed

S, MS, US = 1_000_000_000, 1_000_000, 1_000
OFFSET = 1_000 * S


def truth(here_ns: int, drift: float, offset_ns: int = OFFSET) -> int:
    return here_ns + offset_ns + round(drift * here_ns)


def pinged(
    drift: float, up_us: tuple[float, float], down_us: tuple[float, float], seed: int = 1
) -> list[Ping]:
    """Fifty before, five a second in between, fifty after; each way takes a time within bounds."""
    rng = np.random.default_rng(seed)
    at = [*np.linspace(0, 0.2, 50), *np.arange(1, 60, 0.2), *np.linspace(60, 60.2, 50)]
    found = []
    for seconds in at:
        sent = round(seconds * S) + 5 * S
        up, down = (round(US * rng.uniform(*way)) for way in (up_us, down_us))
        found.append(Ping(sent, truth(sent + up, drift), sent + up + down))
    return found


def error_of(clock: Clock, drift: float) -> int:
    """How far off it is at its worst, in ns of the clock here."""
    here = np.arange(5 * S, 65 * S, S)
    there = np.array([truth(int(at), drift) for at in here])
    return int(np.abs(clock.here(there) - here).max())


@pytest.mark.parametrize("drift", [0.0, 50e-6, -50e-6])
def test_an_offset_of_1000_s_and_a_drift_are_found_within_the_bound(drift: float) -> None:
    clock = estimate(pinged(drift, (40, 400), (40, 400)), 5 * S, 65 * S)
    assert error_of(clock, drift) <= clock.bound_ns <= 60 * US  # half of the least round trip, 80
    assert clock.drift == pytest.approx(drift, abs=2e-6)
    assert clock.offset_ns == pytest.approx(OFFSET + drift * 5 * S, abs=clock.bound_ns)


def test_unlike_ways_are_within_the_bound_though_no_answer_tells() -> None:
    clock = estimate(pinged(50e-6, (1_000, 1_200), (50, 200)), 5 * S, 65 * S)
    assert 400 * US < error_of(clock, 50e-6) <= clock.bound_ns < 700 * US


@settings(max_examples=40)  # of 400 pings each
@given(
    drift=st.floats(-2e-4, 2e-4),
    up=st.floats(5, 3_000),
    down=st.floats(5, 3_000),
    spread=st.floats(1, 1_000),
    seed=st.integers(0, 1_000),
)
def test_the_bound_holds(drift: float, up: float, down: float, spread: float, seed: int) -> None:
    pings = pinged(drift, (up, up + spread), (down, down + spread), seed)
    clock = estimate(pings, 5 * S, 65 * S)
    assert error_of(clock, drift) <= clock.bound_ns + 2  # and a rounding


def test_stamps_go_there_and_back() -> None:
    clock = Clock(7 * S, OFFSET, 50e-6, 10)
    here = np.arange(0, 100 * S, S)
    there = np.array([clock.there(int(at)) for at in here])
    assert np.abs(clock.here(there) - here).max() <= 1
    assert SAME.there(5) == 5
    assert SAME.here(here).tolist() == here.tolist()
    assert clock.words == "+1000.000000 s, drift +50.00 ppm, ± 0 us"


def test_a_clock_that_was_set_meanwhile_is_told() -> None:
    pings = pinged(0.0, (40, 60), (40, 60))
    set_back = [Ping(p.sent, p.there - (20 * MS if p.sent > 30 * S else 0), p.back) for p in pings]
    with pytest.raises(TrialFailed, match="does not drift evenly"):
        estimate(set_back, 5 * S, 65 * S)


def test_a_few_pings_are_too_few() -> None:
    with pytest.raises(TrialFailed, match=r"9 pings to the clock of the host, not 10"):
        estimate(pinged(0.0, (1, 2), (1, 2))[:9], 0, S)
