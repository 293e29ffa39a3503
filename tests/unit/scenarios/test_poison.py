"""What is poisonous, and who hears of it."""

from pathlib import Path

import numpy as np
import pytest

from harness.measure.layouts import RUN_TYPE, SEND_TYPE, kind_number
from harness.measure.records import Records
from scenarios.poison import (
    KINDS,
    POISONOUS,
    UNREADABLE,
    errors_in,
    neighbours,
    places_of,
    poisoned,
)


@pytest.mark.parametrize("kind", [kind for name, kind in KINDS.items() if name != UNREADABLE])
def test_five_among_many_are_poisonous_and_neither_the_first_nor_the_last(kind: str) -> None:
    load = poisoned(400, kind)
    places = np.flatnonzero(load["kind"] == kind_number(kind))
    assert places.tolist() == places_of(400).tolist()
    assert len(places) == POISONOUS
    assert 50 <= places[0] < places[-1] <= 300


def test_neighbours_are_counted_without_what_is_poisonous() -> None:
    sends, runs = np.zeros(3, SEND_TYPE), np.zeros(2, RUN_TYPE)
    sends["kind"] = [kind_number(kind) for kind in ("nap", "explode", "nap")]
    runs["kind"] = [kind_number(kind) for kind in ("nap", "explode")]
    beside = neighbours(Records(sends, runs))
    assert (len(beside.sends), len(beside.runs)) == (2, 1)


def test_lines_that_speak_of_an_error_are_counted_from_the_load_on(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("an error before\n")
    before = log.stat().st_size
    log.write_text("an error before\nall is well\nWorkerLostError\nTask x timed out\n")
    assert errors_in(log, before) == 2
    assert errors_in(tmp_path / "none", 0) == 0
