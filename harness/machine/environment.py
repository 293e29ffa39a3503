"""What surrounds a trial: the machine, its load, its clock; ``unreadable`` is a value.

The fields follow docs/method.md, section 8. A source that this machine does not have is said to be
unreadable, never guessed.
"""

import os
import platform
import socket
import time

import psutil

from harness.machine import cgroup
from harness.machine.reading import UNREADABLE, read
from infrastructure.counted import counted

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
IDLE_PSI = 5.0  # percent
IDLE_WAIT_S = 60.0
DISTURBING = {"foreign_cpu_percent": 5.0, "steal_percent": 2.0}  # METHOD 8: above is flagged
DISTURBED = {
    "foreign_cpu_percent": "other processes took {value} % of the CPU, more than {limit:g} %",
    "steal_percent": "the host gave {value} % of the CPU to others (steal), more than {limit:g} %",
}


def cpu_model() -> str:
    for line in read("/proc/cpuinfo").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return UNREADABLE


def virtualisation() -> str:
    for line in read("/proc/cpuinfo").splitlines():
        if line.startswith("flags"):
            if "hypervisor" not in line.split():
                return "none"
            return f"guest: {read('/sys/class/dmi/id/product_name')}"
    return UNREADABLE


def pressure_us() -> int | None:
    """Microseconds since boot in which some task waited for a CPU (PSI); None without PSI."""
    for line in read("/proc/pressure/cpu").splitlines():
        if line.startswith("some"):
            return int(line.rpartition("=")[2])
    return None


def machine() -> dict[str, str]:
    """What does not change within a session."""
    frequency = "/sys/devices/system/cpu/cpu0/cpufreq"
    return {
        "cpu_model": cpu_model(),
        "cores": str(os.cpu_count()),
        "affinity": ",".join(map(str, sorted(os.sched_getaffinity(0)))),
        "cgroup_quota": cgroup.quota(),
        "kernel": platform.release(),
        "virtualisation": virtualisation(),
        "clock_source": read("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
        "boot_id": read("/proc/sys/kernel/random/boot_id"),
        "governor": read(f"{frequency}/scaling_governor"),
        "turbo_off": read("/sys/devices/system/cpu/intel_pstate/no_turbo"),
        "temperature_mC": read("/sys/class/thermal/thermal_zone0/temp"),
        "memory_bytes": str(psutil.virtual_memory().total),
        "ld_library_path": os.environ.get("LD_LIBRARY_PATH", ""),
        "host_python": platform.python_version(),
        "platform": platform.platform(),
    }


def calibrate() -> dict[str, str]:
    """The calibration kernel: a fixed CPU loop and a loopback round trip, best of five each."""
    cpu = min(_timed(_cpu_kernel) for _ in range(5))
    left, right = socket.socketpair()
    with left, right:
        trips = min(_timed(lambda: _round_trips(left, right)) for _ in range(5))
    return {
        "calibration_cpu_ms": f"{cpu * 1e3:.3f}",
        "calibration_round_trip_us": f"{trips / 100 * 1e6:.3f}",
    }


def _timed(kernel: object) -> float:
    begin = time.perf_counter()
    kernel()  # type: ignore[operator]
    return time.perf_counter() - begin


def _cpu_kernel() -> int:
    total = 0
    for i in range(100_000):
        total += i * i % 7
    return total


def _round_trips(left: socket.socket, right: socket.socket) -> None:
    for _ in range(100):
        left.send(b"x")
        right.recv(1)
        right.send(b"x")
        left.recv(1)


def wait_idle(window_s: float) -> dict[str, str]:
    """METHOD 8: wait until CPU pressure stays below 5 % for a window, at most 60 s, then flag.

    A window of no length asks for nothing: of trials in virtual time, whom no neighbour disturbs.
    """
    if not window_s:
        return {"idle_gate": "not asked for", "idle_gate_psi_percent": UNREADABLE}
    begin = time.monotonic()
    while True:
        before = pressure_us()
        if before is None:
            return {"idle_gate": UNREADABLE, "idle_gate_psi_percent": UNREADABLE}
        time.sleep(window_s)
        percent = ((pressure_us() or before) - before) / (window_s * 1e6) * 100
        waited = time.monotonic() - begin
        if percent < IDLE_PSI or waited > IDLE_WAIT_S:
            return {
                "idle_gate": "passed" if percent < IDLE_PSI else f"flagged after {waited:.0f} s",
                "idle_gate_psi_percent": f"{percent:.2f}",
            }


def times_of_our_cores() -> tuple[float, float]:
    """Seconds that the cores which this process may use were busy, and that were stolen from them:
    proc_stat(5). What others do on the rest of the machine is no share of what we could have had.
    """
    ours = {f"cpu{core}" for core in os.sched_getaffinity(0)}
    busy, stolen = 0, 0
    for line in read("/proc/stat").splitlines():
        name, *ticks = line.split()
        if name in ours:
            user, nice, system, _idle, _waiting, hard, soft, steal = map(int, ticks[:8])
            busy += user + nice + system + hard + soft
            stolen += steal
    return busy / TICKS_A_SECOND, stolen / TICKS_A_SECOND


class Surroundings:
    """Counters of our cores over a trial's load: foreign CPU and steal; and the pressure."""

    def __init__(self) -> None:
        self._times = times_of_our_cores()
        self._pressure = pressure_us()
        self._throttled = cgroup.throttled()
        self._begin = time.monotonic()

    def since(self, own_cpu_s: float) -> dict[str, str]:
        """What happened since the start; ``own_cpu_s`` is what our own trees used meanwhile."""
        times, seconds = times_of_our_cores(), time.monotonic() - self._begin
        capacity = seconds * len(os.sched_getaffinity(0))
        busy, steal = (now - before for now, before in zip(times, self._times, strict=True))
        pressure, throttles = pressure_us(), cgroup.throttled()
        return {
            "throttled": UNREADABLE
            if throttles is None or self._throttled is None
            else str(throttles.times - self._throttled.times),
            "throttled_percent": UNREADABLE
            if throttles is None or self._throttled is None
            else f"{(throttles.seconds - self._throttled.seconds) / seconds * 100:.2f}",
            "load_1min": f"{os.getloadavg()[0]:.2f}",
            "foreign_cpu_percent": f"{max(0.0, busy - own_cpu_s) / capacity * 100:.2f}",
            "steal_percent": f"{steal / capacity * 100:.2f}",
            "psi_percent": UNREADABLE
            if pressure is None or self._pressure is None
            else f"{(pressure - self._pressure) / (seconds * 1e6) * 100:.2f}",
        }


def flags(environment: dict[str, str]) -> list[str]:
    """Reasons to flag (not to void) a trial for what happened around it, and for its CPU limit."""
    return [*disturbances(environment), *held_back(environment)]


def disturbances(environment: dict[str, str]) -> list[str]:
    """What another run might be spared."""
    found = []
    if environment.get("idle_gate", "").startswith("flagged"):
        found.append(f"the machine was not idle before: {environment['idle_gate']}")
    for name, limit in DISTURBING.items():
        value = environment.get(name, UNREADABLE)
        if value != UNREADABLE and float(value) > limit:
            found.append(DISTURBED[name].format(value=value, limit=limit))
    return found


def held_back(environment: dict[str, str]) -> list[str]:
    """What another run would suffer too: a limit that is set on this process's control group."""
    times = environment.get("throttled", UNREADABLE)
    if times in {UNREADABLE, "0"}:
        return []
    quota, share = (environment.get(n, UNREADABLE) for n in ("cgroup_quota", "throttled_percent"))
    held = f"held back for {share} % of the time, summed over cores"
    return [f"throttled {counted(int(times), 'time')} by the CPU quota ({quota} µs): {held}"]
