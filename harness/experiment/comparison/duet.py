"""A load of a block in turns: the arms are up at the same time, and one works at a time.

Each arm's backlog is as long as it takes that arm to work for the time that is measured, so that no
arm is left alone for long.
"""

import math
from dataclasses import replace

from harness.cli.progress import TrialProgress
from harness.experiment.comparison.comparison import Comparison, Pace
from harness.experiment.order import trial_seed
from harness.experiment.watched import label, outcome_line
from harness.scenario.catalogue import Load
from harness.scenario.point import Size
from harness.store.vocabulary import Purpose
from harness.trial.duet import Conductor, play
from harness.trial.outcome import Outcome
from harness.trial.plan import TrialPlan
from harness.trial.steps import run_trial

SPARE = 1.1  # times the tasks that it takes, since a rate is only roughly known
LEAST_TASKS = 200
PILOT_S = 2.0  # that an arm's first backlog takes, by the rate at which it was warmed up
PILOT_MOST = 100_000  # tasks
WARMUP_S, IDLE_S = 2.0, 0.5  # at most: arms start anew in every block, and warm up side by side


def duet_load(
    comparison: Comparison,
    load: Load,
    block: int,
    purpose: Purpose,
    progress: TrialProgress,
    pace: Pace,
) -> list[Outcome]:
    """All arms at once; what came of each, by arm."""
    plans = plans_of(comparison, load, block, purpose, pace)
    conductor = Conductor(len(plans), plans[0].seed, pace.window_s, pace.settle_s)
    outcomes: dict[int, Outcome] = {}

    def one(arm: int) -> None:
        setup, partner = comparison.setups[arm], conductor.partners[arm]
        outcomes[arm] = run_trial(setup, plans[arm], partner)

    progress.begin(f"block {block} · {label(plans[0])} · {len(plans)} arms in turns", load)
    play(conductor, [lambda arm=arm: one(arm) for arm in range(len(plans))])  # type: ignore[misc]
    found = [outcomes[arm] for arm in range(len(plans))]
    said = [f"{comparison.names[n]}: {outcome_line(plans[n], o)}" for n, o in enumerate(found)]
    progress.end("\n  ".join(said))
    return found


def plans_of(
    comparison: Comparison, load: Load, block: int, purpose: Purpose, pace: Pace
) -> list[TrialPlan]:
    """A trial for each arm, with a backlog that fits it; one seed."""
    scenario, point = comparison.scenarios[load[0]], comparison.point(load)
    seed = trial_seed(comparison.seed, scenario.name, block, point.label)
    options = {**point.options, "in_turns": True, "in_blocks": True}
    size = of_a_pilot(point.size) if purpose is Purpose.CALIBRATE else in_turns(point.size)
    point = replace(point, size=size, options=options)
    plans = []
    for arm in range(len(comparison.setups)):
        comparison.position += 1
        position = comparison.position
        number = f"{comparison.id}-{position:04}"
        backlog = backlog_for(pace.rates[arm], comparison.measured_s) if pace.rates else None
        own = replace(point, backlog=backlog)
        plans.append(TrialPlan(number, block, position, scenario, own, purpose, seed))
    return plans


def in_turns(size: Size) -> Size:
    """No wait for an idle machine: what disturbs it meets all arms alike."""
    warmup_s, idle_s = min(size.warmup_s, WARMUP_S), min(size.idle_s, IDLE_S)
    return replace(size, idle_gate_s=0, warmup_s=warmup_s, idle_s=idle_s)


def of_a_pilot(size: Size) -> Size:
    """No verdict uses it: a short backlog, and no look for what comes late."""
    return replace(in_turns(size), tasks=PILOT_MOST, drain_s=PILOT_S, late_s=0)


def backlog_for(rate: float, seconds: float) -> int:
    """Tasks that an arm of this rate (tasks/s) works on for as long as is measured."""
    return max(LEAST_TASKS, math.ceil(SPARE * seconds * rate))
