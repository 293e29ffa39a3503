"""Going on with claims that were ended: on the same machine, locks and commit only."""

from harness.experiment.claims.claims import Claims
from harness.experiment.comparison.resume import check_same_ground
from harness.experiment.cut_off import HALF, how_far, left_of
from harness.store.queries import sql


def take_over(claims: Claims, experiment: str, *, dry_run: bool = False) -> set[tuple[int, int]]:
    """Make the experiment be the stored one: its id, where its numbering ended. The blocks and
    sides that are there; half a block is not, since its sides were not side by side. Raises
    UsageError where the ground has changed.
    """
    claims.experiment.experiment_id = experiment
    check_same_ground(claims)
    asked = {"experiment": experiment}
    with left_of(claims.database, experiment, dry_run=dry_run) as connection:
        claims.position, claims.redo.times = how_far(connection, experiment)
        rows = connection.execute(sql("places"), asked).fetchall()
        there = {(block, arm - 1) for _, _, block, arm in rows}
        for bundle in claims.bundles:
            for block in range(1, claims.blocks + 1):
                of_block = {(block, side) for side in bundle}
                if not of_block <= there:
                    arms = [side + 1 for side in bundle]
                    half = {"block": block, "arms": arms, "why": HALF}
                    connection.execute(sql("break_arms"), asked | half)
                    there -= of_block
    return there
