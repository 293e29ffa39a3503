"""Tasks underway."""

from pathlib import Path

from harness.measure.underway import Underway
from tasks.records import RUN_SUFFIX, SEND_SUFFIX, RecordWriter, wire_seq


def test_tasks_underway_are_given_once_when_they_have_ended(tmp_path: Path) -> None:
    sends, runs = RecordWriter(tmp_path, SEND_SUFFIX), RecordWriter(tmp_path, RUN_SUFFIX)
    underway = Underway(tmp_path)
    for seq in range(3):
        sends.write(wire_seq("load", seq), seq, seq, seq, 0, 0)
    sends.write(wire_seq("warmup", 0), 0, 0, 0, 0, 0)
    runs.write(wire_seq("load", 1), 5, 6, 0, 0)
    assert underway.ended().sends["seq"].tolist() == [1]
    assert underway.unfinished == 2
    runs.write(wire_seq("load", 0), 5, 6, 0, 0)
    found = underway.ended()
    assert (found.sends["seq"].tolist(), found.runs["seq"].tolist()) == ([0], [0])
    assert underway.unfinished == 1
