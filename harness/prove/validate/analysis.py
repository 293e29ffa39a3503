"""The layer that judges, on made data: verdicts, fingerprints, plans."""

from collections.abc import Callable

import numpy as np

from harness.experiment.order import plan_blocks
from harness.judge.claims import Claim
from harness.judge.families import ALPHA
from harness.judge.verdicts import judge_family
from harness.machine.environment import DISTURBING
from harness.machine.fingerprint import FLAGGING, MOVED, REFUSING, difference
from harness.measure.layouts import Array
from harness.prove.validate.found import Found, chance_most

SIMULATED, BLOCKS = 2_000, 10
NOISE, DRIFT = 0.05, 0.10  # between trials; from block to block, shared by the arms
MARGIN = 0.05
PLANS = 500
# The pseudo-median of (an exponential value less its mean) − (a normal one), in standard deviations
# of either: what the estimate of a skewed arm beside another one goes to (2 million pairs).
SKEWED_CENTRE = -0.0704
# By name, the noise of an arm that equals the other one and is not shaped like it.
SHAPES: dict[str, Callable[[np.random.Generator], Array]] = {
    "alike": lambda rng: rng.normal(0, NOISE, BLOCKS),
    "a quarter as wide": lambda rng: rng.normal(0, NOISE / 4, BLOCKS),
    "heavy tails": lambda rng: rng.laplace(0, NOISE, BLOCKS),
    "skewed": lambda rng: NOISE * (rng.exponential(1, BLOCKS) - 1 - SKEWED_CENTRE),
}


def simulated_equals(seed: int, shape: str = "alike") -> Found:
    """A/A experiments: equal arms, noise between trials, blocks that drift together; ``shape``: the
    noise of the second arm.
    """
    rng, alarms, noise = np.random.default_rng(seed), 0, SHAPES[shape]
    for _ in range(SIMULATED):
        drift = np.cumsum(rng.normal(0, DRIFT, BLOCKS))
        a, b = np.exp(drift + rng.normal(0, NOISE, BLOCKS)), np.exp(drift + noise(rng))
        (verdict,) = judge_family([Claim(a, b, MARGIN, higher_is_better=True)])
        alarms += verdict.p_holm is not None and verdict.p_holm <= ALPHA
    return Found(
        "A/A, analysis layer" + ("" if shape == "alike" else f", {shape}"),
        alarms,
        "false alarms",
        chance_most(SIMULATED),
        at_most=True,
        sentence=f"{SIMULATED:,} simulated experiments of two equal arms, {BLOCKS} drifting blocks "
        f"each; the noise of the second: {shape}",
    )


def mutated_fingerprints() -> Found:
    """Every field of a fingerprint changed on its own: refused or flagged by its name."""
    same = {
        **{name: ["same"] for name in (*REFUSING, *FLAGGING)},
        **{name: ["100"] for name in MOVED},
        **{name: ["0"] for name in DISTURBING},
    }
    unchanged = difference(same, same)
    missed = len(unchanged.refused) + len(unchanged.flagged)
    for name in same:
        changed = "50" if name in {*MOVED, *DISTURBING} else "other"
        found = difference(same, {**same, name: [changed]})
        said = found.refused if name in REFUSING else found.flagged
        missed += len(said) != 1 or not said[0].startswith(name)
    return Found(
        "fingerprint mutations",
        missed,
        "mutations",
        0,
        at_most=True,
        sentence=f"{len(same)} fields changed one at a time: those not refused or flagged by their "
        "name",
    )


def random_plans(seed: int) -> Found:
    """Plans hold every arm once a block, and first places are balanced at any length."""
    rng, wrong = np.random.default_rng(seed), 0
    for _ in range(PLANS):
        arms, blocks = int(rng.integers(2, 8)), int(rng.integers(1, 40))
        plan = plan_blocks(arms, blocks, rng)
        firsts = np.bincount([order[0] for order in plan], minlength=arms)
        whole = all(sorted(order) == list(range(arms)) for order in plan)
        wrong += not whole or len(plan) != blocks or int(np.ptp(firsts)) > 1
    return Found(
        "plans",
        wrong,
        "plans",
        0,
        at_most=True,
        sentence=f"{PLANS} random plans: those without every arm once a block and balanced first "
        "places",
    )
