"""Reading records of a trial that has ended."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest

from harness.measure.clocks import Clock
from harness.measure.layouts import RUN_TYPE
from harness.measure.records import CLOCKS, Records, read_all
from tasks.records import (
    HOST_VARIABLE,
    RUN,
    RUN_SUFFIX,
    SEND_SUFFIX,
    RecordWriter,
    wire_seq,
)
from tests.unit.tasks.test_records import write_runs


def test_what_is_written_is_read(tmp_path: Path) -> None:
    RecordWriter(tmp_path, SEND_SUFFIX).write(wire_seq("load", 7), 1, 2, 3, 0, 0)
    write_runs(
        tmp_path, [(wire_seq("load", 7), 4, 5, 0, 0, 43), (wire_seq("warmup", 7), 1, 1, 0, 0, 43)]
    )
    load = Records.read(tmp_path)
    assert load.sends.tolist() == [(7, 1, 2, 3, 0, 0, os.getpid())]
    assert load.runs.tolist() == [(7, 4, 5, 0, 0, 43)]
    assert len(Records.read(tmp_path, "warmup").runs) == 1


def test_a_torn_record_is_left_out(tmp_path: Path) -> None:
    whole = RUN.pack(wire_seq("load", 1), 1, 2, 0, 0, 9)
    (tmp_path / f"9{RUN_SUFFIX}").write_bytes(whole + whole[:11])
    assert len(read_all(tmp_path, RUN_SUFFIX, RUN_TYPE)) == 1


def test_stamps_of_another_host_are_told_by_the_clock_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    RecordWriter(tmp_path, SEND_SUFFIX).write(wire_seq("load", 7), 1, 2, 3, 0, 0)
    monkeypatch.setenv(HOST_VARIABLE, "netns:w.1+1000")
    RecordWriter(tmp_path, RUN_SUFFIX).write(wire_seq("load", 7), 1_005, 1_009, 0, 0)
    unknown = Records.read(tmp_path).runs.tolist()
    assert unknown == [(7, 1_005, 1_009, 0, 0, os.getpid())]
    clocks = {"netns:w.1+1000": asdict(Clock(0, 1_000, 0.0, 1))}
    (tmp_path / CLOCKS).write_text(json.dumps(clocks))
    found = Records.read(tmp_path)
    assert found.runs.tolist() == [(7, 5, 9, 0, 0, os.getpid())]
    assert found.sends.tolist() == [(7, 1, 2, 3, 0, 0, os.getpid())]
