"""Accounting by sequence number, against a slow and obvious reading."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harness.measure.accounting import account, count_inversions
from harness.measure.layouts import RUN_TYPE, SEND_TYPE, SEQ_MASK
from harness.measure.records import Records
from tasks.records import SEND_SUFFIX, RecordWriter
from tasks.sending import SendLog, drive_sync
from tasks.spec import Phase

RUNS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 1)), max_size=40)
ISSUED = st.sets(st.integers(0, 10))


def records(issued: set[int], runs: list[tuple[int, int]]) -> Records:
    sends = np.array([(s, 0, 0, 0, 0, 0, 1) for s in sorted(issued)], SEND_TYPE)
    rows = [(seq, start, start, 0, outcome, 1) for start, (seq, outcome) in enumerate(runs)]
    array = np.array(rows, RUN_TYPE)
    return Records(sends, array[np.lexsort((array["start"], array["seq"]))] if rows else array)


@given(ISSUED, RUNS)
def test_every_fate_is_counted_as_a_person_would(
    issued: set[int], runs: list[tuple[int, int]]
) -> None:
    found = account(records(issued, runs))
    successes = {seq: sum(1 for s, o in runs if s == seq and o == 0) for seq, _ in runs}
    assert found.issued == len(issued)
    assert found.completed_once == sum(successes.get(s, 0) == 1 for s in issued)
    assert found.duplicated == sum(successes.get(s, 0) > 1 for s in issued)
    assert found.lost == sum(s not in successes for s in issued)
    assert found.failed == sum(s in successes and successes[s] == 0 for s in issued)
    assert found.unknown == len(set(successes) - issued)
    assert bool(found.complaints()) == (found.completed_once < len(issued) or found.unknown > 0)


@given(st.lists(st.integers(0, 20), max_size=30))
def test_inversions_are_pairs_in_the_wrong_order(sequence: list[int]) -> None:
    pairs = [(a, b) for i, a in enumerate(sequence) for b in sequence[i + 1 :] if a > b]
    assert count_inversions(np.array(sequence, dtype=np.int64)) == len(pairs)


def test_a_duplicate_does_not_hide_a_loss() -> None:
    found = account(records({0, 1}, [(0, 0), (0, 0)]))
    assert (found.lost, found.duplicated, found.completed_once) == (1, 1, 0)
    assert found.complaints() == ["lost: 1 of 2 tasks", "duplicated: 1 of 2 tasks"]


def test_a_refused_send_is_a_complaint_and_no_loss() -> None:
    sends = np.array([(0, 0, 0, 0, 0, 1, 1), (1, 0, 0, 0, 0, 1, 1)], SEND_TYPE)
    ran = np.array([(1, 0, 0, 0, 0, 1)], RUN_TYPE)
    found = account(Records(sends, ran))
    assert found.complaints() == ["refused: 2 of 2 tasks"]
    assert (found.lost, found.completed_once) == (0, 1)


class Refusing:
    """A producer whose broker takes nothing."""

    def open(self) -> None: ...

    def close(self) -> None: ...

    def send(self, seq: int, *_: object) -> None:
        raise ValueError(f"too long:\n{seq & SEQ_MASK} " + "x" * 1000)


def test_what_a_broker_said_when_it_refused_is_in_the_complaint(tmp_path: Path) -> None:
    log = SendLog(tmp_path, RecordWriter(tmp_path, SEND_SUFFIX), None)
    drive_sync(Refusing(), Phase("load", "noop", first=7, count=2), 0, log)
    found = account(Records.read(tmp_path))
    (refused,) = found.complaints()
    assert refused == "refused: 2 of 2 tasks (ValueError: too long: 7 [...])"
