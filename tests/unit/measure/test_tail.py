"""Following the records of a running trial."""

from pathlib import Path

import numpy as np

from harness.measure.tail import RecordTail, Seen
from tasks.records import (
    wire_seq,
)
from tests.unit.tasks.test_records import write_runs


def test_the_tail_counts_distinct_tasks(tmp_path: Path) -> None:
    tail = RecordTail(tmp_path)
    assert tail.poll() == 0
    write_runs(
        tmp_path, [(wire_seq("load", 1), 1, 1, 0, 0, 5), (wire_seq("load", 1), 2, 2, 0, 0, 6)]
    )
    assert tail.poll() == 2
    assert tail.completed("load") == 1
    assert tail.worker_pids("load") == {5, 6}
    write_runs(tmp_path, [(wire_seq("ready", 0), 1, 1, 0, 0, 5)])
    assert (tail.poll(), tail.completed("ready"), tail.completed("load")) == (3, 1, 1)


def test_marks_grow_with_the_numbers() -> None:
    seen = Seen()
    seen.add(np.array([], dtype=np.int64))
    seen.add(np.array([1, 1, 5000]))
    seen.add(np.array([5000, 1_000_000]))
    assert seen.count == 3
