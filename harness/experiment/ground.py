"""What an experiment ran on: on other ground it is not gone on with."""

from collections.abc import Sequence
from pathlib import Path

from harness.machine.fingerprint import MACHINE, Fingerprint, gathered, shown
from harness.store.database import open_database
from harness.store.queries import sql
from harness.store.rows import ExperimentRow
from harness.trial.plan import Setup
from infrastructure.errors import UsageError


def ground_of(
    setups: Sequence[Setup], experiment: ExperimentRow, known: Fingerprint | None = None
) -> Fingerprint:
    """On what these arms would run now; ``known``: what machines have to be, where it is not this
    one. As in the rows of trials, places are named where there are other hosts than this one.
    """
    setup = setups[0]
    places = {"places": setup.arm.places.words} if setup.arm.places.others else {}
    machine = {**setup.machine, **places}
    here = {name: [machine[name]] if name in machine else [] for name in MACHINE}
    return {
        **(known or here),
        "lock_hash": [setup.arm.lock_hash for setup in setups],
        "harness_commit": [experiment.harness_commit],
    }


def check_ground(database: Path, experiment: str, now: Fingerprint) -> None:
    """Raises UsageError where machine, locks or harness are not those that it began with."""
    with open_database(database, read_only=True) as connection:
        rows = connection.execute(sql("started_with"), {"experiment": experiment}).fetchall()
    began = gathered(rows)
    found = [
        f"{name}: {shown(began, name)} then, {shown(now, name)} now"
        for name in now
        if not set(began.get(name, ())) <= set(now[name])  # it may have ended in its first trial
    ]
    if found:
        raise UsageError(
            f"--resume {experiment}: its trials could not be set beside new ones, since "
            f"something changed: {'; '.join(found)}; start it anew"
        )
