"""The writer of records: forks, threads and sudden deaths."""

import json
import os
import signal
from pathlib import Path

from harness.measure.growing import leading
from harness.measure.layouts import RUN_TYPE
from harness.measure.records import read_all, read_file
from tasks.probe import Probe
from tasks.records import RUN, RUN_SUFFIX, AppendingWriter, RecordWriter, wire_seq
from tasks.spec import Spec


def write_runs(folder: Path, rows: list[tuple[int, ...]]) -> None:
    writer = RecordWriter(folder, RUN_SUFFIX)
    for row in rows:
        writer.write(RUN.pack(*row))


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
