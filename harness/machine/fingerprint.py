"""Whether figures of two experiments may stand as a ratio: docs/method.md, section 8.

A fingerprint maps a field's name to the values that it had over the trials behind a figure.
"""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness.machine.environment import DISTURBING
from harness.machine.reading import UNREADABLE

Fingerprint = Mapping[str, Sequence[str]]

MACHINE = (
    "cpu_model",
    "cores",
    "affinity",
    "cgroup_quota",
    "kernel",
    "virtualisation",
    "clock_source",
    "places",
)
PYTHON = ("python_version", "python_build", "python_compiler", "python_flags")
BROKER = ("broker_version", "broker_config_hash")
# What was asked, how the framework was told, and by which protocol.
WORKLOAD = ("workload_hash", "adapter_hash", "size", "harness_version")
# Of cells with packages from elsewhere: what those were, and a digest of the others.
CODE = ("sources", "other_packages")
PLACED = ("workers_pinned",)  # whether workers had cores of their own (--pin)
REFUSING = (*MACHINE, *PYTHON, *BROKER, *WORKLOAD, *CODE, *PLACED)
FLAGGING = (
    "governor",
    "turbo_off",
    "boot_id",
    "harness_commit",
    "lock_hash",
    "producer_real_time",
)
# Numbers that moved by more than this share of the first one's median.
MOVED = {"calibration_cpu_ms": 0.05, "calibration_round_trip_us": 0.05, "temperature_mC": 0.2}
FACTORS = {
    "python": PYTHON,
    "broker": BROKER,
    "version": ("lock_hash", "sources"),
    "framework": ("adapter_hash", *CODE),
}


@dataclass(frozen=True)
class Difference:
    """Sentences that name the field and both values: what forbids a ratio, what throws doubt."""

    refused: list[str]
    flagged: list[str]


def gathered(rows: Iterable[tuple[str, str]]) -> Fingerprint:
    """A fingerprint of (field, value) rows."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, value in rows:
        found[name].append(value)
    return dict(found)


def difference(one: Fingerprint, other: Fingerprint, factors: Sequence[str] = ()) -> Difference:
    """Set two fingerprints against each other; fields of a declared factor may differ."""
    exempt = {name for factor in factors for name in FACTORS.get(factor, ())}
    refused = [name for name in REFUSING if name not in exempt and differ(name, one, other)]
    flagged = [name for name in FLAGGING if name not in exempt and differ(name, one, other)]
    found = [f"{name}: {shown(one, name)} against {shown(other, name)}" for name in flagged]
    return Difference(
        [f"{name}: {shown(one, name)} against {shown(other, name)}" for name in refused],
        [*found, *moved(one, other), *disturbed(one), *disturbed(other)],
    )


def differ(name: str, one: Fingerprint, other: Fingerprint) -> bool:
    return set(one.get(name, ())) != set(other.get(name, ()))


def shown(fingerprint: Fingerprint, name: str) -> str:
    return ", ".join(sorted(set(fingerprint.get(name, ())))) or "not recorded"


def numbers(fingerprint: Fingerprint, name: str) -> list[float]:
    return [float(v) for v in fingerprint.get(name, ()) if v != UNREADABLE]


def moved(one: Fingerprint, other: Fingerprint) -> list[str]:
    """The calibration kernel and the temperature, where the medians are too far apart."""
    found = []
    for name, share in MOVED.items():
        a, b = numbers(one, name), numbers(other, name)
        if not a or not b:
            continue
        before, after = statistics.median(a), statistics.median(b)
        if abs(after / before - 1) > share:
            found.append(
                f"{name}: {before:g} against {after:g} ({100 * (after / before - 1):+.0f} %)"
            )
    return found


def disturbed(fingerprint: Fingerprint) -> list[str]:
    found = []
    for name, limit in DISTURBING.items():
        highest = max(numbers(fingerprint, name), default=0.0)
        if highest > limit:
            found.append(f"{name}: up to {highest:g}, above {limit:g}")
    return found
