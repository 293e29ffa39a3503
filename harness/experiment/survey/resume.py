"""Going on with a survey that was ended: on the same machine, locks and commit only."""

from typing import NamedTuple

from harness.experiment.comparison.resume import check_same_ground
from harness.experiment.cut_off import how_far, left_of
from harness.experiment.survey.survey import Survey
from harness.store.queries import sql


class Place(NamedTuple):
    """Of a trial in a survey."""

    scenario: str
    point: str
    block: int
    arm: int


def take_over(survey: Survey, experiment: str, *, dry_run: bool = False) -> list[Place]:
    """Make the survey be the stored one: its id, its capacity, where its numbering ended. The
    trials that are there. Raises UsageError where the ground has changed.
    """
    survey.experiment.experiment_id = experiment
    check_same_ground(survey)
    asked = {"experiment": experiment}
    with left_of(survey.database, experiment, dry_run=dry_run) as connection:
        (survey.capacity,) = connection.execute(sql("capacities"), asked).fetchall()[0]
        survey.position, survey.redo.times = how_far(connection, experiment)
        rows = connection.execute(sql("places"), asked).fetchall()
    return [Place(*row) for row in rows]
