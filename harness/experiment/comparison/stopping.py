"""When a comparison ends before its last block: on time or on width, never on a result."""

import time

from harness.experiment.comparison.comparison import Comparison, Question
from harness.experiment.comparison.measured import Measured, read_measured
from harness.experiment.comparison.pilot import LEAST_SIZED
from harness.judge.planning import half_margin, sensitivity
from harness.judge.strata import complaints as disagreements
from harness.store.vocabulary import Purpose

LEAST_IN_TURNS = 8


def out_of_time(comparison: Comparison) -> bool:
    limit = comparison.max_time_s
    return limit is not None and time.monotonic() - comparison.begun > limit


def narrow_enough(comparison: Comparison, done: int) -> bool:
    """From 8 blocks on where all are in turns, else from 10, and from the number with which
    anything can be found: every primary metric could have been seen to differ by half its margin.
    """
    every = all(load in comparison.paces for load in comparison.loads())
    least = LEAST_IN_TURNS if every else LEAST_SIZED
    if done < max(least, comparison.least_blocks):
        return False
    found = read_measured(comparison, Purpose.MEASURE)
    return all(narrow(comparison, found, question, least) for question in comparison.questions())


def narrow(comparison: Comparison, found: Measured, question: Question, least: int) -> bool:
    """Whether one metric is known well enough by ``least`` blocks or more; never where something is
    wrong with it.
    """
    key, pair = question
    values = found.paired(key, pair)
    if found.complaints.get(key.load) or values.blocks < least or not values.positive:
        return False
    if any(disagreements(values.d, values.strata)):
        return False
    seen = sensitivity(values.d, comparison.claims, values.strata)
    return seen is not None and seen <= half_margin(comparison.primary(key).margin)
