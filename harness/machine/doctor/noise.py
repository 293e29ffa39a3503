"""Topic of the noise: what else the machine does."""

import os
import time

from harness.cli.matrix import Matrix
from harness.machine import environment
from harness.machine.doctor.findings import Finding, ok, warning
from harness.machine.reading import UNREADABLE
from infrastructure.counted import counted

NOISE_S = 1.0


def noise(_matrix: Matrix) -> list[Finding]:
    """What else the machine does, over a second in which we do nothing."""
    seen = environment.Surroundings()
    begin = time.process_time()
    time.sleep(NOISE_S)
    found = seen.since(time.process_time() - begin)
    return [
        pressure(found["psi_percent"]),
        counter("steal", found, "steal_percent", "the host gives our cores to others"),
        counter("foreign CPU", found, "foreign_cpu_percent", "something else is working: end it"),
        load(float(found["load_1min"]), os.cpu_count() or 1),
    ]


def pressure(found: str) -> Finding:
    """The idle gate's measure before every trial."""
    if found == UNREADABLE:
        return warning(
            "CPU pressure", found, "no /proc/pressure: trials start without an idle gate"
        )
    if float(found) < environment.IDLE_PSI:
        return ok("CPU pressure", f"{found} %")
    return warning(
        "CPU pressure",
        f"{found} %",
        f"a trial waits up to {environment.IDLE_WAIT_S:.0f} s for less than "
        f"{environment.IDLE_PSI:g} %, then is flagged",
    )


def counter(item: str, seen: dict[str, str], name: str, advice: str) -> Finding:
    """A counter that flags trials beyond a limit; the limits are ``environment.flags``'s own."""
    value = seen[name]
    if value == UNREADABLE:
        return warning(item, value, "trials cannot be flagged for it")
    if flagged := environment.flags({name: value}):
        return warning(item, f"{value} %", f"{flagged[0]} and flags every trial: {advice}")
    return ok(item, f"{value} %")


def load(one_minute: float, count: int) -> Finding:
    found = f"{one_minute:.2f} on {counted(count, 'core')}"
    if one_minute < count / 2:
        return ok("load average", found)
    return warning("load average", found, "the last minute was busy: wait, or end what runs")
