"""A survey as a list of steps: those left out, the kills, blocks while there is time."""

import time
from collections.abc import Collection, Sequence

import numpy as np

from harness.cli.progress import TrialProgress
from harness.experiment.capacity import CALIBRATOR
from harness.experiment.comparison.blocks import run_arm
from harness.experiment.order import plan_blocks
from harness.experiment.survey.kill import kill_all
from harness.experiment.survey.resume import Place
from harness.experiment.survey.sound import take_out, void
from harness.experiment.survey.survey import Survey
from harness.scenario.catalogue import KILLED, Load, is_open_loop, load_words
from harness.scenario.point import Point
from harness.store.database import open_database
from harness.store.queries import sql
from harness.store.vocabulary import Purpose
from harness.trial.outcome import Outcome
from harness.trial.steps import run_trial
from infrastructure.errors import BenchError

# Less makes a trial of a p99, which wants 1,000 tasks, longer than half a minute for every arm; one
# that cannot hold its share of that says so.
LEAST_DRAINED = 120.0


def run(survey: Survey, there: Collection[Place] = ()) -> None:
    """Carry out what is missing of the plan; every trial is stored as it ends.

    ``there``: trials that need not be run again.
    """
    rng = np.random.default_rng(survey.seed)
    order = plan_blocks(len(survey.setups), survey.blocks, rng)
    with TrialProgress(survey.console, []) as progress:
        progress.expect([survey.planned_kill(), *survey.planned_block() * survey.fitting_blocks()])
        name_left_out(survey, there)
        kill_all(survey, [place.arm for place in there if place.scenario == KILLED], progress)
        for block in range(1, survey.blocks + 1):
            if not survey.time_for(survey.longest_block_s):
                survey.console.print(f"no time for block {block}")
                break
            begun = time.monotonic()
            run_block(survey, block, order[block - 1], there, progress)
            survey.longest_block_s = max(survey.longest_block_s, time.monotonic() - begun)


def name_left_out(survey: Survey, there: Collection[Place]) -> None:
    """A row for each arm that cannot be measured, with the reason."""
    scenario, point = survey.scenarios[CALIBRATOR], Point(survey.size)
    for setup in survey.left_out:
        if Place(CALIBRATOR, "", 1, setup.number) not in there:
            run_trial(setup, survey.plan(scenario, point))


def run_block(
    survey: Survey,
    block: int,
    order: Sequence[int],
    there: Collection[Place],
    progress: TrialProgress,
) -> None:
    for load in survey.loads():
        if survey.capacity is None and is_open_loop(survey.scenarios[load[0]]):
            survey.capacity = slowest_rate(survey)
        for arm in order:
            measured = Place(*load, block, survey.setups[arm].number) in there
            if not measured and survey.time_for(0.0):
                sound_trial(survey, load, block, arm, progress)


def sound_trial(survey: Survey, load: Load, block: int, arm: int, progress: TrialProgress) -> None:
    """One arm at one load of a block; a void one is run again, once."""
    setup, scenario = survey.setups[arm], survey.scenarios[load[0]]
    where = f"block {block}, {load_words(load)}, {survey.names[arm]}"
    point, outcomes = survey.point(load), list[Outcome]()

    def run() -> list[str]:
        measured = run_arm(survey, setup, scenario, point, block, Purpose.MEASURE, progress)
        outcomes.append(measured)
        return void(measured)

    for _ in survey.redo.again((survey.names[arm], load_words(load)), where, run):
        progress.expect([survey.expected[arm].planned(scenario, point)])
        take_out(survey, outcomes[-1], where)


def slowest_rate(survey: Survey) -> float:
    """What the slowest arm drains, tasks/s, or what counts at least: the loads of all are a share
    of it. Raises BenchError where none has drained anything.
    """
    asked = {"experiment": survey.id, "scenario": CALIBRATOR}
    with open_database(survey.database, read_only=True) as connection:
        (found,) = connection.execute(sql("slowest"), asked).fetchall()[0]
    if found is None:
        raise BenchError("no arm drained a backlog, so there is no rate to offer to all")
    return max(LEAST_DRAINED, float(found))
