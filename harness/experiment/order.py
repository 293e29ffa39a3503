"""In which order trials run, and by which seed each."""

import hashlib
from collections.abc import Iterable

import numpy as np

from harness.experiment.capacity import CALIBRATOR
from harness.scenario.catalogue import is_open_loop
from harness.scenario.scenario import Scenario


def plan_blocks(arms: int, blocks: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
    """The order of arms (0 … arms − 1) in each block: random, the first position balanced.

    Every ``arms`` consecutive blocks from the start form a round in which each arm is first once.
    So the balance (±1) holds for any number of blocks, also where an experiment stops early.
    Raises ValueError on fewer than two arms or on no block.
    """
    if arms < 2 or blocks < 1:
        raise ValueError(f"a plan takes two arms and one block, not {arms} and {blocks}")
    rounds = -(-blocks // arms)
    firsts = np.concatenate([rng.permutation(arms) for _ in range(rounds)])[:blocks]
    return [block_order(arms, int(first), rng) for first in firsts]


def block_order(arms: int, first: int, rng: np.random.Generator) -> tuple[int, ...]:
    others = rng.permutation([arm for arm in range(arms) if arm != first])
    return (first, *(int(arm) for arm in others))


def trial_seed(seed: int, scenario: str, block: int, point: str) -> int:
    """The seed of a trial: shared by all arms of a block, different for everything else."""
    text = f"{seed}/{scenario}/{block}/{point}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7])


def in_order(scenarios: Iterable[Scenario]) -> list[Scenario]:
    """Backlogs first: their drain rate is the capacity that load fractions refer to. Before all
    others the plain one, which says how long they will take.
    """
    return sorted(scenarios, key=lambda each: (is_open_loop(each), each.name != CALIBRATOR))
