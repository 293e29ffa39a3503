"""A load of a block in turns: the arms are up at the same time, and one works at a time.

Each arm's backlog is as long as it takes that arm to work for the time that is measured, so that no
arm is left alone for long. A drain of each says beforehand how fast it is.
"""

import math
from dataclasses import replace

from harness.cli.progress import TrialProgress
from harness.experiment.comparison.comparison import Comparison
from harness.experiment.order import trial_seed
from harness.experiment.watched import label, outcome_line
from harness.scenario.catalogue import Load
from harness.scenario.point import Point
from harness.scenario.scenario import Scenario
from harness.store.vocabulary import Purpose
from harness.trial.duet import Conductor, play
from harness.trial.outcome import Outcome
from harness.trial.plan import TrialPlan
from harness.trial.steps import run_trial
from infrastructure.errors import UsageError

MEASURED_S = {"full": 4.0, "quick": 2.0}  # of each arm in each block
SPARE = 1.2  # times the tasks that it takes, since a rate is only roughly known
LEAST_TASKS = 200


def check_duet(comparison: Comparison) -> None:
    """Raises UsageError where an arm's server is none of ours, so that it cannot stand still."""
    for setup, name in zip(comparison.setups, comparison.names, strict=True):
        provider = setup.arm.broker.provider
        if provider in {"url", "docker"}:
            raise UsageError(
                f"--duet lets each arm's server stand still, and that of {name} is not ours "
                f"(provider {provider}): leave --duet out, or take --provider auto"
            )


def in_turns(comparison: Comparison, load: Load) -> bool:
    return comparison.duet and comparison.scenarios[load[0]].turns


def duet_load(
    comparison: Comparison, load: Load, block: int, purpose: Purpose, progress: TrialProgress
) -> list[Outcome]:
    """All arms at once; what came of each, by arm."""
    scenario, point = comparison.scenarios[load[0]], comparison.point(load)
    plans = plans_of(comparison, scenario, point, block, purpose)
    conductor = Conductor(len(plans), plans[0].seed)
    outcomes: dict[int, Outcome] = {}

    def one(arm: int) -> None:
        setup, partner = comparison.setups[arm], conductor.partners[arm]
        outcomes[arm] = run_trial(setup, plans[arm], partner)

    progress.begin(f"block {block} · {label(plans[0])} · {len(plans)} arms in turns")
    play(conductor, [lambda arm=arm: one(arm) for arm in range(len(plans))])  # type: ignore[misc]
    found = [outcomes[arm] for arm in range(len(plans))]
    said = [f"{comparison.names[n]}: {outcome_line(plans[n], o)}" for n, o in enumerate(found)]
    progress.end("\n  ".join(said))
    return found


def plans_of(
    comparison: Comparison, scenario: Scenario, point: Point, block: int, purpose: Purpose
) -> list[TrialPlan]:
    """A trial for each arm, with a backlog that fits it; one seed."""
    seed = trial_seed(comparison.seed, scenario.name, block, point.label)
    plans = []
    for rate in comparison.rates:
        comparison.position += 1
        number = f"{comparison.id}-{comparison.position:04}"
        options = {**point.options, "in_turns": True}
        own = replace(point, backlog=backlog_for(rate, point.size.name), options=options)
        position = comparison.position
        plans.append(TrialPlan(number, block, position, scenario, own, purpose, seed))
    return plans


def backlog_for(rate: float, size: str) -> int:
    """Tasks that an arm of this rate (tasks/s) works on for as long as is measured."""
    return max(LEAST_TASKS, math.ceil(SPARE * MEASURED_S[size] * rate))
