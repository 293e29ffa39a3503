"""What users ask, with answers that were made up."""

from typing import Any

from tests.made.rows import Rows

REST = {"workers_idle_cpu": 0.01, "workers_idle_pss": 64 * 1_048_576.0, "broker_idle_commands": 4.0}
ROLLED = {"lost": 0.0, "longest_silence": 1_500.0}
DRAINED = {
    "drain_rate": 1_000.0,
    "workers_cpu_per_task": 500.0,
    "broker_cpu_per_task": 50.0,
    "workers_pss_mean": 1_048_576.0 * 1024,
}
# Of an hour, with both ends of the interval.
SLOPES = {"sojourn_p50": (0.5, -1.0, 2.0), "workers_pss": (3 * 1_048_576.0, 1_048_576.0, 5e6)}


def bench(rows: Rows, name: str, framework: str, day: int = 1, **changed: Any) -> None:
    """An experiment of a cell; its trials follow."""
    words = f"{framework}==1.0,python=3.12,broker=redis,profile=matched"
    options = f'{{"scenario": ["idle"], "trials": 3, "words": "{words}"}}'
    rows.experiment(name, day, **({"options": options} | changed))


def rested(
    rows: Rows,
    name: str,
    framework: str,
    *cpus: float,
    queues: str = "1 queue",
    loop_ms: float = 8.0,
    **changed: Any,
) -> None:
    """Trials of ``idle``, each with so many cores; the calibration's loop took ``loop_ms``."""
    number = {"1 queue": 1, "10 queues": 2, "100 queues": 3}[queues]
    place = {"scenario": "idle", "point": queues, "point_number": number}
    for block, cpu in enumerate(cpus, 1):
        metrics = REST | {"workers_idle_cpu": cpu}
        trial = rows.trial(name, framework, metrics=metrics, block=block, **place, **changed)
        rows.environment(trial, {"calibration_cpu_ms": f"{loop_ms:.3f}"})


def soaked(rows: Rows) -> None:
    """An hour of Huey."""
    rows.experiment("hour", 3, command="soak", options='{"arm": "huey", "hours": 1.0}')
    ends = ("", "_low", "_high")
    slopes = {
        f"{name}_slope{end}": value
        for name, own in SLOPES.items()
        for end, value in zip(ends, own, strict=True)
    }
    rows.checkpoint(rows.trial("hour", "huey", scenario="soak", metrics=slopes), 1, broker_keys=1.0)


def answer(rows: Rows) -> None:
    """Celery with three trials and a gap, Huey with one; another scenario, and a quick bench."""
    bench(rows, "one", "celery")
    rested(rows, "one", "celery", 0.01, 0.02)
    rested(rows, "one", "celery", 0.04, remarks="foreign cpu percent 7.31 exceeds 5")
    place = {"scenario": "idle", "point": "100 queues", "point_number": 3}
    rows.trial("one", "celery", **place, status="gap", reason="it reads one queue")
    bench(rows, "two", "huey", 2)
    rested(rows, "two", "huey", 0.5, loop_ms=14.0)
    rows.trial("two", "huey", scenario="deploy", point="short tasks", metrics=ROLLED)
    rows.trial("two", "huey", scenario="throughput", metrics=DRAINED)
    bench(rows, "look", "celery", 9, size="quick")
    rested(rows, "look", "celery", 0.99)
    soaked(rows)
    rows.experiment("claim", 9, command="claims")
    rested(rows, "claim", "huey", 0.88)
