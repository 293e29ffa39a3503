"""Going on with a bench that was ended: on the same machine, lock and commit only."""

from dataclasses import fields

from harness.experiment.bench.session import BenchSession
from harness.experiment.cut_off import CUT_OFF, left_of
from harness.experiment.ground import check_ground, ground_of
from harness.store.queries import sql
from harness.store.vocabulary import Purpose
from harness.trial.outcome import Outcome, TrialRow
from infrastructure.errors import UsageError

COLUMNS = [field.name for field in fields(TrialRow)]


def take_over(session: BenchSession, experiment: str) -> None:
    """Make the session be the stored one: its id, and what came of its trials. Raises UsageError
    where nothing is missing or the ground has changed.
    """
    setup, asked = session.setup, {"experiment": experiment}
    setup.experiment.experiment_id = experiment
    check_ground(setup.database, experiment, ground_of([setup], setup.experiment))
    with left_of(setup.database, experiment) as connection:
        done = connection.execute(sql("bench_there"), asked)
        names = [column[0] for column in done.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in done.fetchall()]
    for row in rows:
        trial = TrialRow(**{name: row.pop(name) for name in COLUMNS})
        known = {name: value for name, value in row.items() if value is not None}
        session.outcomes.append(Outcome(trial, known))
    broken = [o for o in session.outcomes if o.trial.purpose == Purpose.BROKEN]
    session.redo.times = sum(o.reason not in CUT_OFF for o in broken)
    if not session.left():
        trials = len(session.plan.steps())
        raise UsageError(f"--resume {experiment}: nothing is missing of its {trials} trials")
