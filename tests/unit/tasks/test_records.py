"""The writer of records: forks, threads and sudden deaths."""

import json
import os
import signal
from pathlib import Path

from harness.measure.growing import leading
from harness.measure.layouts import RUN_TYPE
from harness.measure.records import read_all, read_file
from tasks.probe import Probe
from tasks.records import CHUNK, HELD, RUN, RUN_SUFFIX, AppendingWriter, RecordWriter, wire_seq
from tasks.spec import Spec


def write_runs(folder: Path, rows: list[tuple[int, ...]]) -> None:
    """Records of any processes, behind those that are there."""
    with (folder / f"1-0{RUN_SUFFIX}").open("ab") as file:
        file.writelines(RUN.pack(*row) for row in rows)


def test_a_record_holds_its_fields_and_the_pid_beyond_the_first_chunk_too(tmp_path: Path) -> None:
    for suffix, layout in HELD.items():
        (folder := tmp_path / suffix).mkdir()
        writer = RecordWriter(folder, suffix)
        fields = [
            (number, *range(2, len(layout.unpack(bytes(layout.size)))))
            for number in range(CHUNK + 2)
        ]
        for each in fields:
            writer.write(*each)
        (path,) = folder.iterdir()
        found = list(layout.iter_unpack(path.read_bytes()))
        assert found[: len(fields)] == [(*each, os.getpid()) for each in fields]
        assert len(found) == 2 * CHUNK
        assert not any(map(any, found[len(fields) :]))


def test_a_forked_child_writes_a_file_of_its_own(tmp_path: Path) -> None:
    writer = RecordWriter(tmp_path, RUN_SUFFIX)
    writer.write(1, 1, 1, 0, 0)
    child = os.fork()
    if child == 0:
        writer.write(2, 1, 1, 0, 0)
        os._exit(0)
    os.waitpid(child, 0)
    writer.write(3, 1, 1, 0, 0)
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
            writer.write(seq, 1, 1, 0, 0)
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
            writer.write(seq, 1, 1, 0, 0)
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
            writer.write(seq, 1, 1, 0, 0)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(burst, range(0, 20_000, 5000)))
    seqs = read_all(tmp_path, RUN_SUFFIX, RUN_TYPE)["seq"]
    assert sorted(seqs.tolist()) == list(range(20_000))
