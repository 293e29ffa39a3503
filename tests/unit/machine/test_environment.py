"""What others do on cores that are not ours takes nothing from us."""

import pytest

from harness.machine import environment

STAT = """\
cpu  1000 0 200 5100 0 0 0 50
cpu0 900 0 0 100 0 0 0 0
cpu1 100 10 200 5000 40 30 10 50 7 7
intr 1
"""


def test_only_our_cores_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.machine.environment.read", lambda _: STAT)
    monkeypatch.setattr("harness.machine.environment.os.sched_getaffinity", lambda _: {1})
    monkeypatch.setattr("harness.machine.environment.TICKS_A_SECOND", 100)
    assert environment.times_of_our_cores() == (3.5, 0.5)


def test_foreign_cpu_is_a_share_of_our_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of four cores are ours: 4 of their 20 seconds went to somebody else."""
    times = iter([(0.0, 0.0), (10.0, 1.0)])
    monkeypatch.setattr(environment, "times_of_our_cores", lambda: next(times))
    monkeypatch.setattr("harness.machine.environment.os.sched_getaffinity", lambda _: {0, 1})
    clock = iter([0.0, 10.0])
    monkeypatch.setattr("harness.machine.environment.time.monotonic", lambda: next(clock))
    found = environment.Surroundings().since(6.0)
    assert (found["foreign_cpu_percent"], found["steal_percent"]) == ("20.00", "5.00")
