"""A survey of known content."""

from typing import NamedTuple

from tests.made.rows import Rows

BLOCKS, MIB = 6, 1_048_576
AT = {"point": "load 0.3", "load_fraction": 0.3, "capacity": 400.0}
VOID = {"status": "invalid", "reason": "no worker began a task within 2 s"}


class Of(NamedTuple):
    """A framework: what it drains (tasks/s), and after how long what was killed is done again."""

    framework: str
    broker: str
    rate: float
    after: float | None
    lost: float = 0.0  # percent
    variant: str = ""


FRAMEWORKS = (
    Of("celery", "redis", 1_600.0, None, 100.0),
    Of("dramatiq", "redis", 3_000.0, 83.2),
    Of("huey", "redis", 3_010.0, None, 100.0),
    Of("pgqueuer", "postgresql", 2_000.0, 30.4),
    Of("taskiq", "redis", 9_000.0, 598.0, 25.0),
    Of("raw", "redis", 15_000.0, None, 100.0),
)
UNKILLED = "chancy"


def fill_survey(rows: Rows, name: str = "survey-1", day: int = 9) -> None:
    """Five frameworks and the floor in six blocks, each killed once; a sixth that was not killed at
    work, and is invalid at the latency's load.
    """
    rows.experiment(name, day, command="survey", factor="framework", options='{"blocks": 6}')
    for number, of in enumerate(FRAMEWORKS, 1):
        fill_framework(rows, name, number, of)
        killed(rows, name, number, of)
    last = {"broker": "postgresql", "arm_number": 7}
    on = rows.trial(name, UNKILLED, scenario="killed", **VOID, **last)
    rows.environment(on, {"cores": "2"})
    rows.trial(name, UNKILLED, scenario="latency", **AT, **VOID, **last)
    for block in range(1, BLOCKS + 1):
        rows.trial(name, UNKILLED, metrics=drained(130.0 + block), block=block, **last)


def fill_framework(rows: Rows, name: str, number: int, of: Of) -> None:
    """Its blocks of throughput and latency."""
    for block in range(1, BLOCKS + 1):
        place = {"broker": of.broker, "arm_number": number, "block": block}
        rows.trial(name, of.framework, metrics=drained(of.rate + 10 * block), **place)
        late = {"sojourn_p99": 10_000 / of.rate + block / 10, "sojourn_p50": 1.0}
        rows.trial(name, of.framework, scenario="latency", metrics=late, **AT, **place)


def drained(rate: float) -> dict[str, float]:
    return {
        "drain_rate": rate,
        "workers_cpu_per_task": 1e6 / rate,
        "workers_pss_peak": 64.0 * MIB,
    }


def killed(rows: Rows, name: str, number: int, of: Of) -> None:
    metrics = {
        "at_work": 8.0,
        "not_redone": of.lost,
        "redone_twice": 0.0,
        "waiting_lost": 0.0,
        "waited": 660.0,
    }
    if of.after:
        metrics["redone_after"] = of.after
    place = {"broker": of.broker, "arm_number": number}
    rows.trial(name, of.framework, scenario="killed", metrics=metrics, **place)
    rows.insert(
        "setting",
        trial_id=f"{name}-{rows.position:03}",
        pid=1,
        source="main",
        name="prefetch",
        asked="8",
        effective="8",
    )
