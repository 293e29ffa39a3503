"""What was measured of claims, by experiment and side: from a database, or from an export."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from harness.cli.claims import Side, request_of
from harness.cli.matrix import Matrix
from harness.store.database import open_database
from harness.store.queries import fetch, sql
from harness.store.rows import Row

Identity = tuple[str, ...]  # of an arm at a load, as rows have it
COLUMNS = (
    "framework", "framework_version", "variant", "topology_profile", "broker", "scenario", "point",
)  # fmt: skip


@dataclass
class Trials:
    """Of a side in an experiment: values by metric and block, and why trials are void."""

    values: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    void: dict[int, str] = field(default_factory=dict)


Measured = Mapping[str, Mapping[Identity, Trials]]  # by experiment, in the order of time


def identity_of(side: Side, matrix: Matrix) -> Identity:
    """As its rows have it. Raises UsageError."""
    arm = request_of(side, matrix)
    place = (side.scenario, side.point)
    return (arm.framework, arm.version, arm.variation, arm.profile, arm.broker, *place)


def read_stored(database: Path, experiment: str) -> Measured:
    with open_database(database, read_only=True) as connection:
        return gathered(fetch(connection, sql("claims_stored"), {"experiment": experiment}))


def read_exported(files: Sequence[Path]) -> Measured:
    """Of an export's files of trials."""
    with duckdb.connect() as connection:
        asked = {"files": [str(path) for path in files]}
        return gathered(fetch(connection, sql("claims_exported"), asked))


def gathered(rows: Iterable[Row]) -> Measured:
    found: dict[str, dict[Identity, Trials]] = {}
    for row in rows:
        sides = found.setdefault(row["experiment_id"], {})
        trials = sides.setdefault(tuple(row[name] for name in COLUMNS), Trials())
        if row["status"] != "ok":
            trials.void[row["block"]] = row["reason"] or row["status"]
        elif row["metric"]:
            trials.values[row["metric"]][row["block"]] = row["value"]
    return dict(sorted(found.items()))
