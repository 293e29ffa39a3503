"""Going on with a survey that was ended: on the same machine, locks and commit only."""

from typing import NamedTuple

from harness.experiment.comparison.resume import check_same_ground
from harness.experiment.survey.survey import Survey
from harness.store.database import open_database
from harness.store.queries import sql
from harness.trial.ending import INTERRUPTED
from harness.trial.outcome import UNFINISHED


class Place(NamedTuple):
    """Of a trial in a survey."""

    scenario: str
    point: str
    block: int
    arm: int


def take_over(survey: Survey, experiment: str) -> list[Place]:
    """Make the survey be the stored one: its id, its capacity, where its numbering ended. The
    trials that are there. Raises UsageError where the ground has changed.
    """
    survey.experiment.experiment_id = experiment
    check_same_ground(survey)
    asked = {"experiment": experiment}
    cut_off = asked | {"reasons": [INTERRUPTED, UNFINISHED]}
    with open_database(survey.database) as connection:
        connection.execute(sql("break_cut_off"), cut_off)
        (survey.capacity,) = connection.execute(sql("capacities"), asked).fetchall()[0]
        survey.position, survey.redo.times = connection.execute(sql("how_far"), asked).fetchall()[0]
        rows = connection.execute(sql("places"), asked).fetchall()
    return [Place(*row) for row in rows]
