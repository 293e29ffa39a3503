"""Cores of machines that are not this one, and how they are shared out."""

from pathlib import Path

import pytest

from harness.machine import cores as under_test
from harness.machine.cores import cores, disjoint, numbers, quota_cores

Made = tuple[list[set[int]], set[int]]  # siblings by core, and what this process may use


def machine(folder: Path, siblings: list[set[int]]) -> Path:
    """The kernel's files of one whose cores run these threads."""
    for core in siblings:
        for cpu in core:
            place = folder / f"cpu{cpu}" / "topology"
            place.mkdir(parents=True)
            (place / "thread_siblings_list").write_text(",".join(map(str, sorted(core))) + "\n")
    return folder


def test_threads_of_one_core_stay_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system = machine(tmp_path, [{0, 4}, {1, 5}, {2, 6}, {3, 7}])
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {1, 2, 3, 5, 6})
    assert cores(system) == [{1, 5}, {2, 6}, {3}]


def test_a_core_that_nobody_tells_of_is_one_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {2, 0})
    assert cores(tmp_path) == [{0}, {2}]


def test_lists_are_read_as_the_kernel_writes_them() -> None:
    assert numbers("0") == {0}
    assert numbers("0-2,8,10-11") == {0, 1, 2, 8, 10, 11}


@pytest.mark.parametrize(
    ("arms", "each", "here", "most", "found"),
    [
        (2, 3, 8, float("inf"), [{0, 1, 2}, {3, 4, 5}]),
        (2, 3, 7, float("inf"), [{0, 1, 2}, {3, 4, 5}]),
        (2, 3, 6, float("inf"), []),  # none would be left for the harness
        (2, 3, 8, 6.5, []),  # a quota of a control group
        (3, 2, 8, 7.0, [{0, 1}, {2, 3}, {4, 5}]),
        (2, 1, 2, float("inf"), []),
    ],
)
def test_every_arm_has_a_set_of_its_own_and_the_harness_a_core(
    arms: int, each: int, here: int, most: float, found: list[set[int]]
) -> None:
    every = [frozenset({n}) for n in range(here)]
    assert list(disjoint(arms, each, every, most)) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("250000 100000", 2.5),
        ("max 100000", float("inf")),
        ("unreadable", float("inf")),
    ],
)
def test_a_quota_is_so_many_cores(monkeypatch: pytest.MonkeyPatch, said: str, found: float) -> None:
    monkeypatch.setattr(under_test, "quota", lambda: said)
    assert quota_cores() == found
