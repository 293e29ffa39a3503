"""What else works on this machine, said before a bench begins."""

import pytest

from harness.machine.neighbours import Neighbour, Taken, most_at_work, said
from harness.machine.reading import UNREADABLE

QUIET = {"foreign_cpu_percent": "1.00", "steal_percent": "0.00", "psi_percent": "0.50"}


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"foreign_cpu_percent": "48.00"}, "other processes took 48.00 % of the CPU, more than 5"),
        (
            {"steal_percent": "3.00"},
            "the host gave 3.00 % of the CPU to others (steal), more than 2",
        ),
        ({"psi_percent": "9.10"}, "CPU pressure 9.10 % exceeds 5"),
    ],
)
def test_a_busy_machine_is_said_with_who_works(changed: dict[str, str], word: str) -> None:
    found = said(QUIET | changed, [Neighbour(12, "pytest", 0.97)])
    assert found.startswith(word)
    assert "pytest (12, 97 % of a core)" in found
    assert "a comparison whose arms do not take turns, waits up to 60 s" in found
    assert "arms in turns are disturbed alike" in found
    assert "nox -s doctor" in found
    assert "no process of this machine" in said(QUIET | changed, [])


def test_a_quiet_machine_is_not_worth_a_word() -> None:
    assert not said(QUIET, [Neighbour(12, "pytest", 0.04)])
    assert not said(dict.fromkeys(QUIET, UNREADABLE), [])


def test_the_busiest_come_first() -> None:
    before = {1: Taken("old", 10.0), 2: Taken("idle", 5.0), 4: Taken("kworker/0:1-events", 80.0)}
    after = {
        1: Taken("old", 10.2),
        2: Taken("idle", 5.01),
        3: Taken("new", 0.9),
        4: Taken("kworker/0:1-writeback", 80.01),  # the same under another name
    }
    first, second = most_at_work(before, after, 1.0)
    assert first == Neighbour(3, "new", 0.9)
    assert second.pid == 1
    assert second.cores == pytest.approx(0.2)
