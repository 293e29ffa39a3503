"""The record layout, from the writer in the cell to the reader on the host."""

import json
import os
import signal
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from harness.measure.growing import leading
from harness.measure.heard import heard_events
from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.records import Records, read_all, read_file
from harness.measure.tail import RecordTail, Seen
from harness.measure.underway import Underway
from harness.trial.records import record_table
from tasks import bodies
from tasks.probe import Probe
from tasks.records import (
    HEARD,
    HEARD_SUFFIX,
    IDENTITY,
    IDENTITY_SUFFIX,
    KINDS,
    RUN,
    RUN_SUFFIX,
    SEND,
    SEND_SUFFIX,
    AppendingWriter,
    RecordWriter,
    wire_seq,
)
from tasks.spec import Spec


def write_runs(folder: Path, rows: list[tuple[int, ...]]) -> None:
    writer = RecordWriter(folder, RUN_SUFFIX)
    for row in rows:
        writer.write(RUN.pack(*row))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    RecordWriter(tmp_path, SEND_SUFFIX).write(SEND.pack(wire_seq("load", 7), 1, 2, 3, 0, 0, 42))
    write_runs(
        tmp_path, [(wire_seq("load", 7), 4, 5, 0, 0, 43), (wire_seq("warmup", 7), 1, 1, 0, 0, 43)]
    )
    load = Records.read(tmp_path)
    assert load.sends.tolist() == [(7, 1, 2, 3, 0, 0, 42)]
    assert load.runs.tolist() == [(7, 4, 5, 0, 0, 43)]
    assert len(Records.read(tmp_path, "warmup").runs) == 1


def test_a_torn_record_is_left_out(tmp_path: Path) -> None:
    whole = RUN.pack(wire_seq("load", 1), 1, 2, 0, 0, 9)
    (tmp_path / f"9{RUN_SUFFIX}").write_bytes(whole + whole[:11])
    assert len(read_all(tmp_path, RUN_SUFFIX, RUN_TYPE)) == 1


def test_a_forked_child_writes_a_file_of_its_own(tmp_path: Path) -> None:
    writer = RecordWriter(tmp_path, RUN_SUFFIX)
    writer.write(RUN.pack(1, 1, 1, 0, 0, writer.pid))
    child = os.fork()
    if child == 0:
        writer.write(RUN.pack(2, 1, 1, 0, 0, writer.pid))
        os._exit(0)
    os.waitpid(child, 0)
    writer.write(RUN.pack(3, 1, 1, 0, 0, writer.pid))
    by_pid = {
        p.stem.partition("-")[0]: leading(read_file(p, RUN_TYPE))["seq"].tolist()
        for p in tmp_path.iterdir()
    }
    assert by_pid == {str(os.getpid()): [1, 3], str(child): [2]}


def test_processes_of_one_task_each_write_their_parents_file(tmp_path: Path) -> None:
    writer, children = AppendingWriter(tmp_path, RUN_SUFFIX), []
    for seq in range(20):
        children.append(os.fork())
        if children[-1] == 0:
            writer.write(RUN.pack(seq, 1, 1, 0, 0, writer.pid))
            os._exit(0)
    for child in children:
        os.waitpid(child, 0)
    found = read_all(tmp_path, RUN_SUFFIX, RUN_TYPE)
    assert sorted(found["seq"].tolist()) == list(range(20))
    assert set(found["pid"].tolist()) == {os.getpid()}
    assert len(list(tmp_path.iterdir())) == 1


def test_of_processes_of_one_task_each_the_first_tells_the_settings(tmp_path: Path) -> None:
    told = iter(range(9))
    spec = Spec("x", "redis", "", "default", "", str(tmp_path))
    for seq in range(2):
        Probe(spec, lambda: {"told": next(told)}, forks=True).run(wire_seq("load", seq), "noop", 0)
    assert next(told) == 1
    (settings,) = tmp_path.glob("settings-*.json")
    assert json.loads(settings.read_text())["pid"] == os.getppid()


def test_a_killed_writer_loses_at_most_its_last_record(tmp_path: Path) -> None:
    reader, pipe = os.pipe()
    child = os.fork()
    if child == 0:
        writer = RecordWriter(tmp_path, RUN_SUFFIX)
        for seq in range(1_000_000):
            writer.write(RUN.pack(seq, 1, 1, 0, 0, writer.pid))
            if seq == 1000:
                os.write(pipe, b"x")
        os._exit(0)
    os.read(reader, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    seqs = read_all(tmp_path, RUN_SUFFIX, RUN_TYPE)["seq"]
    assert len(seqs) >= 1001
    assert seqs.tolist() == list(range(len(seqs)))


def test_threads_share_a_file_and_lose_nothing(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    writer = RecordWriter(tmp_path, RUN_SUFFIX)

    def burst(first: int) -> None:
        for seq in range(first, first + 5000):
            writer.write(RUN.pack(seq, 1, 1, 0, 0, writer.pid))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(burst, range(0, 20_000, 5000)))
    seqs = read_all(tmp_path, RUN_SUFFIX, RUN_TYPE)["seq"]
    assert sorted(seqs.tolist()) == list(range(20_000))


def test_every_kind_has_both_bodies() -> None:
    assert tuple(bodies.SYNC) == tuple(bodies.ASYNC) == KINDS


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


@pytest.mark.parametrize("layout", ["sends", "runs"])
def test_rows_of_nothing_are_no_rows(layout: str) -> None:
    empty = Records(np.empty(0, SEND_TYPE), np.empty(0, RUN_TYPE))
    assert layout
    assert record_table("t", empty).num_rows == 0


def test_rows_hold_every_attempt_every_loss_and_every_stranger() -> None:
    sends = np.array([(s, 10, 11, 12, 0, 0, 1) for s in (0, 1, 2)], SEND_TYPE)
    runs = np.array(
        [(0, 20, 21, 0, 1, 7), (0, 30, 31, 0, 0, 8), (2, 22, 23, 0, 0, 7), (9, 24, 25, 0, 0, 7)],
        RUN_TYPE,
    )
    table = record_table("t", Records(sends, runs)).to_pylist()
    kept = [(r["seq"], r["attempt"], r["outcome"], r["send_ns"], r["end_ns"]) for r in table]
    assert kept == [
        (0, 1, "failed", 11, 21),
        (0, 2, "ok", 11, 31),
        (2, 1, "ok", 11, 23),
        (9, 1, "unknown", None, 25),
        (1, 0, "lost", 11, None),
    ]


def test_events_are_told_by_the_frameworks_ids(tmp_path: Path) -> None:
    known = {3: UUID(int=2**100 + 7), 4: UUID(int=2**64 - 1)}
    identities = RecordWriter(tmp_path, IDENTITY_SUFFIX)
    heard = RecordWriter(tmp_path, HEARD_SUFFIX)
    for seq, number in known.items():
        upper, lower = divmod(number.int, 2**64)
        identities.write(IDENTITY.pack(wire_seq("load", seq), upper, lower, 0, 0, 1))
        for event, at in ((1, 20), (0, 10), (0, 30)):
            heard.write(HEARD.pack(upper, lower, at, event, 0, 1))
    heard.write(HEARD.pack(9, 9, 5, 0, 0, 1))  # of a task that is not the load's
    found = heard_events(tmp_path)
    assert found.seq.tolist() == [3, 3, 4, 4]
    assert found.event.tolist() == [0, 1, 0, 1]
    assert found.at.tolist() == [10, 20, 10, 20]  # the first hearing counts
    assert found.repeated == 2


def test_tasks_underway_are_given_once_when_they_have_ended(tmp_path: Path) -> None:
    sends, runs = RecordWriter(tmp_path, SEND_SUFFIX), RecordWriter(tmp_path, RUN_SUFFIX)
    underway = Underway(tmp_path)
    for seq in range(3):
        sends.write(SEND.pack(wire_seq("load", seq), seq, seq, seq, 0, 0, 1))
    sends.write(SEND.pack(wire_seq("warmup", 0), 0, 0, 0, 0, 0, 1))
    runs.write(RUN.pack(wire_seq("load", 1), 5, 6, 0, 0, 2))
    assert underway.ended().sends["seq"].tolist() == [1]
    assert underway.unfinished == 2
    runs.write(RUN.pack(wire_seq("load", 0), 5, 6, 0, 0, 2))
    found = underway.ended()
    assert (found.sends["seq"].tolist(), found.runs["seq"].tolist()) == ([0], [0])
    assert underway.unfinished == 1


def test_marks_grow_with_the_numbers() -> None:
    seen = Seen()
    seen.add(np.array([], dtype=np.int64))
    seen.add(np.array([1, 1, 5000]))
    seen.add(np.array([5000, 1_000_000]))
    assert seen.count == 3
