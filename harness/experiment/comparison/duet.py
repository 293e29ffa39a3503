"""A load of a block in turns: the arms are up at the same time, and one works at a time.

Each arm's backlog is as long as it takes that arm to work for the time that is measured, so that no
arm is left alone for long.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from harness.cli.progress import TrialProgress
from harness.experiment.comparison.comparison import Comparison, Pace, in_turns
from harness.experiment.order import trial_seed
from harness.experiment.watched import label, outcome_line
from harness.scenario.catalogue import Load
from harness.scenario.point import Size
from harness.store.vocabulary import Purpose
from harness.trial.duet import Conductor, play
from harness.trial.outcome import Outcome
from harness.trial.plan import TrialPlan
from harness.trial.steps import run_trial
from harness.trial.swaps import Swapping

SPARE = 1.1  # times the tasks that it takes, since a rate is only roughly known
LEAST_TASKS = 200
# That an arm's first backlog takes at most, by the rate at which it was warmed up beside the others
# and its producer: alone it takes a third to a half of that.
PILOT_S = 6.0
PILOT_MOST = 100_000  # tasks


def duet_load(
    comparison: Comparison,
    load: Load,
    block: int,
    arms: Sequence[int],
    purpose: Purpose,
    progress: TrialProgress,
    pace: Pace,
) -> list[Outcome]:
    """These arms, by place, at once; what came of each, in their order."""
    plans = plans_of(comparison, load, block, arms, purpose, pace)
    conductor = conductor_of(pace, len(plans), plans[0].seed)
    outcomes: dict[int, Outcome] = {}

    def one(n: int) -> None:
        outcomes[n] = run_trial(comparison.setups[arms[n]], plans[n], conductor.partners[n])

    how = "at once" if pace.sets else "in turns"
    progress.begin(f"block {block} · {label(plans[0])} · {len(plans)} arms {how}", load)
    play(conductor, [lambda n=n: one(n) for n in range(len(plans))])  # type: ignore[misc]
    found = [outcomes[n] for n in range(len(plans))]
    lines = map(outcome_line, plans, found)
    named = zip((comparison.names[arm] for arm in arms), lines, strict=True)
    progress.end("\n  ".join(f"{name}: {line}" for name, line in named))
    return found


def conductor_of(pace: Pace, arms: int, seed: int) -> Conductor:
    if pace.sets:
        return Swapping(pace.sets, seed, pace.window_s, pace.settle_s)
    return Conductor(arms, seed, pace.window_s, pace.settle_s)


def plans_of(
    comparison: Comparison,
    load: Load,
    block: int,
    arms: Sequence[int],
    purpose: Purpose,
    pace: Pace,
) -> list[TrialPlan]:
    """A trial for each arm, with a backlog that fits it; one seed."""
    scenario, point = comparison.scenarios[load[0]], comparison.point(load)
    seed = trial_seed(comparison.seed, scenario.name, block, point.label)
    # Other work than that of an arm by itself, and than that of one with all cores: see the hash.
    how = {"in_turns": True} | ({"at_once": True} if pace.sets else {})
    options = {**comparison.options(scenario, point), **how, "in_blocks": True}
    size = of_a_pilot(point.size) if purpose is Purpose.CALIBRATE else in_turns(point.size)
    point = replace(point, size=size, options=options)
    plans = []
    for arm in arms:
        trial_id, position = comparison.next_trial()
        backlog = backlog_for(pace.rates[arm], comparison.measured_s) if pace.rates else None
        own = replace(point, backlog=backlog)
        plans.append(TrialPlan(trial_id, block, position, scenario, own, purpose, seed))
    return plans


def of_a_pilot(size: Size) -> Size:
    """No verdict uses it: a short backlog, and no look for what comes late."""
    return replace(in_turns(size), tasks=PILOT_MOST, drain_s=PILOT_S, late_s=0)


def backlog_for(rate: float, seconds: float) -> int:
    """Tasks that an arm of this rate (tasks/s) works on for as long as is measured."""
    return max(LEAST_TASKS, math.ceil(SPARE * seconds * rate))
