"""Rows of known content, for what reads a database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from harness.store.database import open_database

UNITS = {
    "rate": "tasks/s",
    "makespan": "s",
    "task": "us",
    "peak": "bytes",
    "pss_mean": "bytes",
    "pss": "bytes",
    "pss_slope": "bytes/h",
    "pss_slope_low": "bytes/h",
    "pss_slope_high": "bytes/h",
    "keys": "keys",
    "completed": "tasks",
    "idle_cpu": "cores",
    "idle_commands": "1/s",
}
ENVIRONMENT = {"cpu_model": "Imaginary 9000", "foreign_cpu_percent": "1.5"}


def unit_of(name: str) -> str:
    return next((unit for end, unit in UNITS.items() if name.endswith(end)), "ms")


class Rows:
    """Writes rows of known content."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.position = 0

    def insert(self, table: str, *rows: Mapping[str, Any], **row: Any) -> None:
        """Several rows of the same columns, or one by its fields."""
        every: Sequence[Mapping[str, Any]] = rows or [row]
        marks = f"({', '.join('?' for _ in every[0])})"
        self.connection.execute(
            f"INSERT INTO {table} ({', '.join(every[0])}) VALUES {', '.join([marks] * len(every))}",
            [value for each in every for value in each.values()],
        )

    def experiment(self, name: str, day: int = 1, **changed: Any) -> None:
        row = {
            "experiment_id": name,
            "created_at": f"2026-03-{day:02} 10:00:00+00",
            "command": "bench",
            "size": "full",
            "factor": "none",
            "seed": 7,
            "options": "{}",
            "harness_version": "0.1",
            "harness_commit": "abc1234",
        }
        self.insert("experiment", **(row | changed))

    def trial(self, experiment: str, framework: str, **changed: Any) -> str:
        """A throughput trial, or one of the changed fields; ``metrics`` are its metrics."""
        self.position += 1
        metrics: dict[str, float] = changed.pop("metrics", {})
        row = {
            "trial_id": f"{experiment}-{self.position:03}",
            "experiment_id": experiment,
            "block": 1,
            "position": self.position,
            "arm_number": 1,
            "variant": "",
            "scenario": "throughput",
            "point": "",
            "point_number": 1,
            "framework": framework,
            "framework_version": "1.0",
            "python_version": "3.12.1",
            "broker": "redis",
            "provider": "embedded",
            "broker_version": "valkey 9",
            "broker_config_hash": "c0ffee",
            "topology_profile": "matched",
            "topology_source": "the docs",
            "processes": 2,
            "concurrency": 4,
            "prefetch": 8,
            "acks": "late",
            "purpose": "measure",
            "seed": 1,
            "workload_hash": "w",
            "lock_hash": "l",
            "status": "ok",
            "started_at": "2026-03-01 10:00:00+00",
        } | changed
        self.insert("trial", **row)
        trial = str(row["trial_id"])
        if metrics:
            self.metrics(trial, metrics)
        self.environment(trial, ENVIRONMENT | {"kernel": f"6.1-{framework}"})
        return trial

    def metrics(self, trial: str, metrics: Mapping[str, float]) -> None:
        """Each in the unit that its name ends in, else in ms."""
        self.insert(
            "metric",
            *(
                {"trial_id": trial, "name": name, "value": value, "unit": unit_of(name)}
                for name, value in metrics.items()
            ),
        )

    def checkpoint(self, trial: str, number: int, **metrics: float) -> None:
        """The ``number``-th of a trial."""
        place = {"trial_id": trial, "number": number, "at_ns": number}
        self.insert(
            "checkpoint",
            *(
                place | {"name": name, "value": value, "unit": unit_of(name)}
                for name, value in metrics.items()
            ),
        )

    def environment(self, trial: str, values: Mapping[str, str]) -> None:
        self.insert(
            "environment",
            *({"trial_id": trial, "name": name, "value": value} for name, value in values.items()),
        )

    def verdict(self, experiment: str, **changed: Any) -> None:
        """Of arms 1 and 2 on the drain rate of throughput."""
        row = {
            "experiment_id": experiment,
            "scenario": "throughput",
            "point": "",
            "point_number": 1,
            "metric": "drain_rate",
            "baseline_arm": 1,
            "candidate_arm": 2,
            "baseline": "alpha 1.0",
            "candidate": "alpha 2.0",
            "kind": "slower",
            "margin": 0.05,
            "ratio": 2.0,
            "low": 1.9,
            "high": 2.1,
            "n": 10,
            "sentence": "It is.",
        }
        self.insert("verdict", **(row | changed))

    def stacks(self, trial: str, tool: str, found: Mapping[str, int]) -> None:
        """Folded stacks by their value."""
        unit = "samples" if tool == "py-spy" else "bytes"
        self.insert(
            "stack",
            *(
                {"trial_id": trial, "tool": tool, "frames": frames, "value": value, "unit": unit}
                for frames, value in found.items()
            ),
        )

    def packages(self, experiment: str, framework: str, versions: Mapping[str, str]) -> None:
        self.insert(
            "package",
            *(
                {
                    "experiment_id": experiment,
                    "framework": framework,
                    "framework_version": "1.0",
                    "python_version": "3.12.1",
                    "name": name,
                    "version": version,
                }
                for name, version in versions.items()
            ),
        )

    def tasks(self, trial: str, count: int, sojourn_us: int, every_ms: int = 1) -> None:
        """Evenly spaced tasks; the i-th takes ``sojourn_us`` and i µs more."""
        self.connection.execute(
            "INSERT INTO task_record SELECT ?, i, 1, 'noop', due, due + 10000, due + 60000, "
            "due + 70000, due + (? + i) * 1000, 1, 'ok' FROM "
            "(SELECT i, i * ? * 1000000 AS due FROM range(?) r(i))",
            [trial, sojourn_us, every_ms, count],
        )

    def samples(self, trial: str, seconds: int) -> None:
        """Five samples a second of depth (9 tasks), two of CPU and memory:
        workers take half a core and 64 MiB, the broker a tenth and 16 MiB.
        """
        self.connection.execute(
            "INSERT INTO depth_sample SELECT ?, i * 200000000, 8, 1, 0 FROM range(?) r(i)",
            [trial, 5 * seconds],
        )
        for role, cores, mib in (("workers", 0.5, 64), ("broker", 0.1, 16)):
            self.connection.execute(
                "INSERT INTO resource_sample SELECT ?, i * 500000000, ?, 1, i * 0.5 * ?, "
                "? * 1048576, ? * 1048576 FROM range(?) r(i)",
                [trial, role, cores, mib, mib, 2 * seconds],
            )


@cache
def empty() -> bytes:
    """A database with its tables and no row: making them takes longer than copying them."""
    with TemporaryDirectory() as folder:
        database = Path(folder) / "empty.duckdb"
        with open_database(database):
            pass
        return database.read_bytes()


@contextmanager
def filling(database: Path) -> Iterator[Rows]:
    """Rows of a database, in one transaction: what many inserts need to be quick."""
    if not database.exists():
        database.write_bytes(empty())
    with open_database(database) as connection:
        connection.execute("BEGIN")
        yield Rows(connection)
        connection.execute("COMMIT")


def made(folder: Path, *steps: Callable[[Rows], object]) -> Path:
    """A database in that folder, filled by each of these."""
    database = folder / "r.duckdb"
    with filling(database) as rows:
        for step in steps:
            step(rows)
    return database
