"""Turns of one worker with the probe on and off: what they are told, and how they are paired."""

import numpy as np
import pytest

from harness.prove.selfbench.observer import PAIRS_A_START, backlog, drawn_turns, paired
from tasks.records import KINDS


def test_every_pair_has_a_turn_of_either_kind_in_an_order_of_chance() -> None:
    silent = drawn_turns(np.random.default_rng(3))
    pairs = np.reshape(silent[1:], (-1, 2))
    assert len(pairs) == PAIRS_A_START
    assert np.all(pairs.sum(axis=1) == 1)
    assert 0 < pairs[:, 0].sum() < PAIRS_A_START


def test_the_last_task_of_a_turn_leaves_a_record_and_a_file() -> None:
    load = backlog([True, False, True], 3)
    assert load["arg"].tolist() == [1, 1, 0, 0, 0, 0, 1, 1, 0]
    assert [KINDS[kind] for kind in load["kind"]] == 3 * ["noop", "noop", "flaky"]


def test_what_the_probe_costs_is_found_whichever_turn_came_first() -> None:
    """Of 2 %, while all turns get dearer."""
    silent = drawn_turns(np.random.default_rng(3))[1:]
    cost = np.where(silent, 1.0, 1.02) * np.exp(0.001 * np.arange(len(silent)))
    d = paired(silent, np.log(cost)[:, None])
    assert np.median(d) == pytest.approx(np.log(1.02), abs=0.0011)
    assert d.shape == (PAIRS_A_START, 1)
