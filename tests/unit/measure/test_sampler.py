"""CPU between two looks, and how often the broker is asked."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from harness.measure.sampler import Sampler, Seen, Usage, cpu_between, idle_rates, together
from infrastructure.service import Depth

NOBODY = 2**22 + 1  # more than a pid can be


def test_the_idle_baseline_is_taken_off() -> None:
    def at(at_s: float, cpu_s: float) -> dict[str, Usage]:
        return {"workers": Usage(int(at_s * 1e9), "workers", 1, cpu_s, None, None)}

    idle = idle_rates(at(0, 1.0), at(2, 1.2))
    assert idle["workers"] == pytest.approx(0.1)
    assert cpu_between(at(2, 1.2), at(12, 6.2), idle)["workers"] == pytest.approx(4.0)


@pytest.mark.parametrize(("takes_s", "counted"), [(0.0, 5), (0.01, 2), (0.1, 1)])
def test_a_depth_that_takes_long_to_count_is_counted_less_often(
    monkeypatch: pytest.MonkeyPatch, takes_s: float, counted: int
) -> None:
    """Over 1.1 s of a clock that only waiting and counting move."""
    clock = SimpleNamespace(s=0.0)
    clock.monotonic, clock.monotonic_ns = lambda: clock.s, lambda: int(clock.s * 1e9)

    def depth() -> Depth:
        clock.s += takes_s
        return Depth(0, 0, 0)

    def over(seconds: float) -> bool:
        clock.s += seconds
        return bool(clock.s > 1.1)

    sampler = Sampler(depth)
    monkeypatch.setattr("harness.measure.sampler.time", clock)
    monkeypatch.setattr(sampler, "_stop", SimpleNamespace(wait=over))
    sampler._run()
    assert sampler.error is None
    assert len(sampler.depths) == counted


def test_what_roles_use_on_other_machines_is_added_at_the_time_here() -> None:
    here = {"workers": Usage(5, "workers", 1, 1.0, 10, 20)}
    far = {
        "workers": Usage(9_000, "workers", 2, 0.5, 30, 40),
        "broker": Usage(9_000, "broker", 1, 2.0, None, None),
    }
    found = together(here, [far])
    assert (found["workers"].processes, found["workers"].cpu_s) == (3, 1.5)
    assert (found["workers"].pss_bytes, found["workers"].rss_bytes) == (40, 60)
    assert found["broker"].cpu_s == 2.0
    assert found["broker"].at_ns == found["workers"].at_ns > 9_000


def test_a_role_that_is_watched_while_another_thread_looks_ends_no_look() -> None:
    sampler = Sampler(lambda: Depth(0, 0, 0))

    class Busy(list[int]):
        """While its sessions are copied another role comes."""

        def __iter__(self) -> Iterator[int]:
            sampler.watch("producer", NOBODY)
            return iter(())

    sampler._roles["workers"] = Busy()
    assert set(sampler.look()) == {"workers"}
    assert set(sampler.look()) == {"workers", "producer"}


def test_what_two_of_one_number_took_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first took 3 s until it ended, the second 1 s so far."""
    took = [3.0]
    monkeypatch.setattr(
        "harness.measure.sampler.by_leader", lambda leaders: {n: [n] for n in leaders}
    )
    monkeypatch.setattr(
        "harness.measure.sampler.still_there",
        lambda pids: [Seen(pid, took[0], zombie=False) for pid in pids if pid > 0],
    )
    sampler = Sampler(lambda: Depth(0, 0, 0))
    sampler.watch("workers", NOBODY)
    assert sampler.look()["workers"].cpu_s == 3
    sampler.watch("workers", NOBODY)
    took[0] = 1.0
    assert sampler.look()["workers"].cpu_s == 4
    assert sampler.look()["workers"].cpu_s == 4
