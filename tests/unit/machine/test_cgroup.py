"""CPU limits of control groups, however these are mounted, and what they did to a trial."""

import pytest

from harness.machine import cgroup, environment
from harness.machine.reading import UNREADABLE

V2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate"
DEBIAN_10 = """\
31 23 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate
34 23 0:31 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct
35 23 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory"""
ALONE = "32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu"
DOCKER = "34 23 0:31 /docker/ab12 /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct"
JOINED = "4:memory:/m\n3:cpu,cpuacct:{path}\n0::/user.slice"


@pytest.mark.parametrize(
    ("memberships", "mounts", "found"),
    [
        ("0::/a.slice/b", V2, ["/a.slice/b", "/a.slice", ""]),
        ("0::/", V2, [""]),
        ("0::/../..", V2, [""]),  # of a group outside this container's
        (JOINED.format(path="/jobs/7"), DEBIAN_10, ["/jobs/7", "/jobs", ""]),
        (JOINED.format(path="/docker/ab12"), DOCKER, [""]),
        ("3:cpuacct,cpu:/x\n0::/", DEBIAN_10, ["/x", ""]),
        ("1:cpu:/x\n0::/", f"{ALONE}\n{V2}", ["/x", ""]),
        (UNREADABLE, UNREADABLE, []),
    ],
)
def test_the_groups_of_the_cpu_controller(memberships: str, mounts: str, found: list[str]) -> None:
    [point] = {line.split()[4] for line in mounts.splitlines() if "cpu" in line.split()[-1]} or {
        "/sys/fs/cgroup"
    }
    assert cgroup.folders(memberships, mounts) == [point + below for below in found]


def files(monkeypatch: pytest.MonkeyPatch, found: dict[str, str]) -> None:
    monkeypatch.setattr(cgroup, "read", lambda path: found.get(path, UNREADABLE))
    monkeypatch.setattr(cgroup, "groups", lambda: ["/g/a/b", "/g/a", "/g"])


@pytest.mark.parametrize(
    ("found", "quota"),
    [
        ({"/g/a/b/cpu.max": "max 100000"}, "max 100000"),
        ({"/g/a/b/cpu.max": "max 100000", "/g/a/cpu.max": "50000 100000"}, "50000 100000"),
        ({"/g/a/b/cpu.max": "200000 100000", "/g/a/cpu.max": "50000 20000"}, "200000 100000"),
        ({"/g/a/cpu.cfs_quota_us": "150000", "/g/a/cpu.cfs_period_us": "100000"}, "150000 100000"),
        ({"/g/a/b/cpu.cfs_quota_us": "-1", "/g/a/b/cpu.cfs_period_us": "100000"}, "max 100000"),
        ({}, UNREADABLE),
    ],
)
def test_the_tightest_limit_is_the_quota(
    monkeypatch: pytest.MonkeyPatch, found: dict[str, str], quota: str
) -> None:
    files(monkeypatch, found)
    assert cgroup.quota() == quota


@pytest.mark.parametrize(
    "stat",
    [
        "usage_usec 9\nnr_periods 80\nnr_throttled 57\nthrottled_usec 1500000",
        "nr_periods 80\nnr_throttled 57\nthrottled_time 1500000000",
    ],
    ids=["version 2", "version 1"],
)
def test_throttling_is_counted_in_every_group(monkeypatch: pytest.MonkeyPatch, stat: str) -> None:
    files(monkeypatch, {"/g/a/b/cpu.stat": "usage_usec 9", "/g/a/cpu.stat": stat})
    assert cgroup.throttled() == (57, 1.5)
    files(monkeypatch, {"/g/cpu.stat": "usage_usec 9"})
    assert cgroup.throttled() is None


def test_a_throttled_trial_is_flagged_and_not_run_again() -> None:
    """The quota would throttle it again."""
    seen = {"throttled": "57", "throttled_percent": "12.50", "cgroup_quota": "50000 100000"}
    (said,) = environment.flags(seen)
    assert "throttled 57 times" in said
    assert "50000 100000" in said
    assert environment.disturbances(seen) == []
    for quiet in ({"throttled": "0"}, {"throttled": UNREADABLE}, {}):
        assert environment.flags(quiet) == []


def test_what_happened_meanwhile_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = iter([cgroup.Throttling(3, 1.0), cgroup.Throttling(60, 2.0)])
    monkeypatch.setattr(cgroup, "throttled", lambda: next(counted))
    clock = iter([0.0, 10.0])
    monkeypatch.setattr("harness.machine.environment.time.monotonic", lambda: next(clock))
    found = environment.Surroundings().since(0.0)
    assert (found["throttled"], found["throttled_percent"]) == ("57", "10.00")
