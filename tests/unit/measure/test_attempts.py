"""How often a task was begun."""

from pathlib import Path

import pytest

from harness.measure.attempts import attempts
from tasks import poison
from tasks.records import wire_seq
from tasks.work import Site


def test_an_attempt_counts_though_nothing_lives_to_tell(tmp_path: Path) -> None:
    for _ in range(3):
        with pytest.raises(poison.Poison, match="always fails"):
            poison.explode(Site(tmp_path), wire_seq("load", 7), 0)
    assert attempts(tmp_path, [7, 8]) == [3, 0]
