"""Events as a listener heard them."""

from pathlib import Path
from uuid import UUID

from harness.measure.heard import heard_events
from tasks.records import HEARD_SUFFIX, IDENTITY_SUFFIX, RecordWriter, wire_seq


def test_events_are_told_by_the_frameworks_ids(tmp_path: Path) -> None:
    known = {3: UUID(int=2**100 + 7), 4: UUID(int=2**64 - 1)}
    identities = RecordWriter(tmp_path, IDENTITY_SUFFIX)
    heard = RecordWriter(tmp_path, HEARD_SUFFIX)
    for seq, number in known.items():
        upper, lower = divmod(number.int, 2**64)
        identities.write(wire_seq("load", seq), upper, lower, 0, 0)
        for event, at in ((1, 20), (0, 10), (0, 30)):
            heard.write(upper, lower, at, event, 0)
    heard.write(9, 9, 5, 0, 0)  # of a task that is not the load's
    found = heard_events(tmp_path)
    assert found.seq.tolist() == [3, 3, 4, 4]
    assert found.event.tolist() == [0, 1, 0, 1]
    assert found.at.tolist() == [10, 20, 10, 20]  # the first hearing counts
    assert found.repeated == 2
