"""An experiment's row: what a session was asked to do, kept to go on with it."""

import json
import os
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness import __version__
from harness.cli.words import ADDRESS
from harness.machine.commit import commit
from harness.store.database import open_database
from harness.store.queries import sql
from harness.store.rows import ExperimentRow
from infrastructure.errors import UsageError
from infrastructure.processes.folder import TRIAL, spool_of
from infrastructure.redact import CUT, keep_secrets_of, redacted, redacted_within


def new_experiment(command: str, size: str, seed: int, options: dict[str, Any]) -> ExperimentRow:
    """The experiment's row, with an id that sorts by time."""
    now = datetime.now(UTC)
    return ExperimentRow(
        f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        now.isoformat(),
        command,
        size,
        factor="none",
        seed=seed,
        options=json.dumps(redacted_within(options)),
        harness_version=__version__,
        harness_commit=commit(),
    )


def drawn_seed(asked: int | None) -> int:
    """The seed that was asked for, or one by chance."""
    return secrets.randbelow(2**31) if asked is None else asked


def stored_options(
    database: Path, experiment: str, commands: Sequence[str], what: str
) -> tuple[str, dict[str, Any]]:
    """Command and options of an experiment to go on with. Raises UsageError unless it is there and
    was made by one of ``commands``: ``what``, in words.
    """
    with open_database(database, read_only=True) as connection:
        row = connection.execute(sql("experiment_options"), {"experiment": experiment}).fetchone()
    row = row or spooled_options(database, experiment)
    if row is None or row[0] not in commands:
        where = "is not in" if row is None else f"is a {row[0]}, not a {what}, in"
        raise UsageError(f"--resume {experiment}: this experiment {where} {database}")
    kept = json.loads(row[1])
    if CUT in (kept.get("broker_url") or ""):
        kept["broker_url"] = address_again(experiment, kept["broker_url"])
    return row[0], kept


def spooled_options(database: Path, experiment: str) -> tuple[str, str] | None:
    """The same where the session was killed in the first trial, which waits to be stored."""
    for file in spool_of(database).glob(f"*/{TRIAL}"):
        known = json.loads(file.read_text()).get("experiment", {})
        if known.get("experiment_id") == experiment:
            return known["command"], known["options"]
    return None


def address_again(experiment: str, stored: str) -> str:
    """The address of an experiment's server, whose password was not stored. Raises UsageError
    unless it is given again, and the same.
    """
    given = os.environ.get(ADDRESS, "")
    keep_secrets_of(given)
    if redacted(given) != stored:
        raise UsageError(
            f"--resume {experiment}: the address of its server is {stored}, and its password was "
            f"not stored; set {ADDRESS} to the whole address, found {redacted(given) or 'nothing'}"
        )
    return given
