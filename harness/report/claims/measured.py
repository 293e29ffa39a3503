"""What was measured of claims, by experiment and side."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from harness.cli.claims import Side, request_of
from harness.cli.matrix import Matrix
from harness.report.rows.claims import OfClaim
from harness.report.rows.fetch import fetch_as
from harness.store.database import open_database
from harness.store.vocabulary import Status

Identity = tuple[str, ...]  # of an arm at a load, as rows have it


@dataclass
class Trials:
    """Of a side in an experiment: values by metric and block, and why trials are void; ``first``:
    a row of them, which says what arm it is, None where there is no trial.
    """

    first: OfClaim | None = None
    values: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    void: dict[int, str] = field(default_factory=dict)


Measured = Mapping[str, Mapping[Identity, Trials]]  # by experiment, in the order of time


def identity_of(side: Side, matrix: Matrix) -> Identity:
    """As its rows have it. Raises UsageError."""
    arm = request_of(side, matrix)
    place = (side.scenario, side.point)
    return (arm.framework, arm.version, arm.variation, arm.profile, arm.broker, *place)


def identity_in(row: OfClaim) -> Identity:
    arm = (row.framework, row.framework_version, row.variant, row.topology_profile, row.broker)
    return (*arm, row.scenario, row.point)


def read_measured(database: Path, experiment: str | None = None) -> Measured:
    """Of one experiment, or of all that measured claims."""
    with open_database(database, read_only=True) as connection:
        asked = {"experiment": experiment}
        return gathered(fetch_as(OfClaim, connection, "claims_measured", asked))


def gathered(rows: Iterable[OfClaim]) -> Measured:
    """Rows in the order of time."""
    found: dict[str, dict[Identity, Trials]] = {}
    for row in rows:
        sides = found.setdefault(row.experiment_id, {})
        trials = sides.setdefault(identity_in(row), Trials(row))
        if row.status != Status.OK:
            trials.void[row.block] = row.reason or row.status
        elif row.metric is not None and row.value is not None:
            trials.values[row.metric][row.block] = row.value
    return found
