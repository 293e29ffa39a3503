"""CPU limits of this process's control group, of version 1 or 2, and of the groups above it."""

from collections.abc import Iterator
from typing import NamedTuple

from harness.machine.reading import UNREADABLE, read


class Throttling(NamedTuple):
    """How often the group was held back since it began, and for how long."""

    times: int
    seconds: float


def groups() -> list[str]:
    """Folders of the CPU controller, this process's own first: each one's limit holds."""
    return folders(read("/proc/self/cgroup"), read("/proc/self/mountinfo"))


def folders(memberships: str, mounts: str) -> list[str]:
    """The same of what these two files say. Version 1 where the controller is mounted so, alone or
    as ``cpu,cpuacct``, since version 2 does not have it then.
    """
    where, ours = dict(mounted(mounts)), dict(joined(memberships))
    for controller in ("cpu", ""):
        if controller in where and controller in ours:
            root, point = where[controller]
            below = ours[controller].removeprefix(root.rstrip("/")).strip("/")
            parts = [] if ".." in below else below.split("/") if below else []
            return ["/".join([point, *parts[:n]]) for n in range(len(parts), -1, -1)]
    return []


def mounted(mounts: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """The root and the place of each controller's mount; of version 2 as ``""``."""
    for line in mounts.splitlines():
        place, behind = (part.split() for part in [*line.split(" - ", 1), ""][:2])
        if len(place) < 5 or len(behind) < 3:  # as proc(5) has them; not what was read
            continue
        root, point, kind, options = *place[3:5], behind[0], behind[-1]
        if kind == "cgroup2":
            yield "", (root, point)
        elif kind == "cgroup":
            yield from ((option, (root, point)) for option in options.split(","))


def joined(memberships: str) -> Iterator[tuple[str, str]]:
    """This process's group of each controller; of version 2 as ``""``."""
    for line in memberships.splitlines():
        _, controllers, path = [*line.split(":", 2), "", ""][:3]
        yield from ((controller, path) for controller in controllers.split(","))


def quota() -> str:
    """The tightest, as ``QUOTA PERIOD`` in microseconds of CPU; ``max PERIOD`` without one."""
    found = [said.split() for said in map(limit, groups()) if said != UNREADABLE]
    limited = [(int(most) / int(period), most, period) for most, period in found if most != "max"]
    if limited:
        return " ".join(min(limited)[1:])
    return " ".join(found[0]) if found else UNREADABLE


def limit(folder: str) -> str:
    """Of one group, in the form of version 2."""
    version_2 = read(f"{folder}/cpu.max")
    if version_2 != UNREADABLE:
        return version_2
    most, period = read(f"{folder}/cpu.cfs_quota_us"), read(f"{folder}/cpu.cfs_period_us")
    return UNREADABLE if UNREADABLE in {most, period} else f"{most.replace('-1', 'max')} {period}"


def throttled() -> Throttling | None:
    """Of all groups together; None where none can be read."""
    counters = [found for found in map(counters_of, groups()) if "nr_throttled" in found]
    if not counters:
        return None
    return Throttling(
        sum(found["nr_throttled"] for found in counters),
        sum(
            found.get("throttled_usec", 0) / 1e6 + found.get("throttled_time", 0) / 1e9
            for found in counters
        ),
    )


def counters_of(folder: str) -> dict[str, int]:
    words = [line.split() for line in read(f"{folder}/cpu.stat").splitlines()]
    return {word[0]: int(word[1]) for word in words if len(word) == 2 and word[1].isdecimal()}
