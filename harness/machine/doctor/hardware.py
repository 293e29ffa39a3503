"""Topic of the machine: what does not change while a session runs."""

import platform

import psutil

from harness.cli.matrix import Matrix
from harness.machine import environment
from harness.machine.commit import commit
from harness.machine.doctor.findings import Finding, gib, ok, readable, warning
from harness.machine.reading import UNREADABLE

CLOCKS = {"tsc", "arch_sys_counter", "kvm-clock"}
NO_COMMIT = (
    "results cannot name it: install git, and measure in a clone of the repository that is yours"
)
LEAST_MEMORY = 2**30  # bytes; ten prefork children are 0.7 GB


def machine(_matrix: Matrix) -> list[Finding]:
    """What does not change while a session runs."""
    known = environment.machine()
    return [
        system(),
        readable("CPU", known["cpu_model"], "results cannot name the CPU"),
        cores(known),
        quota(known["cgroup_quota"]),
        memory(),
        clock_source(known["clock_source"]),
        governor(known["governor"]),
        virtual(known["virtualisation"]),
        readable("commit of the harness", commit(), NO_COMMIT),
    ]


def system() -> Finding:
    found = platform.platform()
    if platform.system() == "Linux":
        return ok("system", found)
    return warning("system", found, "tested on Linux only: pressure, steal and PSS will be missing")


def cores(known: dict[str, str]) -> Finding:
    """Cores there are and cores we may use."""
    ours = len(known["affinity"].split(","))
    found = f"{known['cores']}, {ours} of them ours"
    if ours < 2:
        return warning("cores", found, "producer, broker and workers share one core")
    return ok("cores", found)


def quota(found: str) -> Finding:
    """``MAX PERIOD`` in microseconds, of control groups of either version."""
    limit, _, period = found.partition(" ")
    if found == UNREADABLE:
        return ok("CPU quota", found, "no limit of a control group to be seen from here")
    if limit == "max" or not (limit.isdecimal() and period.isdecimal()):
        return ok("CPU quota", "none" if limit == "max" else found)
    share = int(limit) / int(period)
    return warning(
        "CPU quota", f"{share:g} cores", "throttling would show as latency: lift it to measure"
    )


def memory() -> Finding:
    seen = psutil.virtual_memory()
    found = f"{gib(seen.available)} of {gib(seen.total)} available"
    if seen.available < LEAST_MEMORY:
        return warning(
            "memory", found, f"close something: below {gib(LEAST_MEMORY)} workers may swap"
        )
    return ok("memory", found)


def clock_source(found: str) -> Finding:
    if found in CLOCKS:
        return ok("clock", found)
    return warning(
        "clock",
        found,
        f"slow or unknown: a stamp may cost microseconds ({', '.join(sorted(CLOCKS))} do not)",
    )


def governor(found: str) -> Finding:
    if found in {"performance", UNREADABLE}:
        note = (
            ""
            if found == "performance"
            else "usual in a virtual machine; clock speed not ours to set"
        )
        return ok("governor", found, note)
    return warning(
        "governor", found, "clock speed follows load: sudo cpupower frequency-set -g performance"
    )


def virtual(found: str) -> Finding:
    if found in {"none", UNREADABLE}:
        return ok("virtualisation", found)
    return ok("virtualisation", found, "neighbours show as steal")
