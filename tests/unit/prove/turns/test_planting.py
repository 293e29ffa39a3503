"""What is planted stands at the beginning of what a worker does for a task, or nowhere."""

from pathlib import Path

import pytest

from harness.prove.turns.planting import AT, ROUNDS, plant
from infrastructure.errors import BenchError


def test_lines_come_before_the_first_of_a_task(tmp_path: Path) -> None:
    file = tmp_path / "trace.py"
    file.write_text(f"def fast_trace_task():\n{AT}    return 1\n")
    plant(file, ROUNDS.format(rounds=30))
    assert file.read_text() == (
        f"def fast_trace_task():\n    for _ in range(30): pass\n{AT}    return 1\n"
    )


@pytest.mark.parametrize("times", [0, 2])
def test_a_file_that_is_not_known_is_left_alone(tmp_path: Path, times: int) -> None:
    file = tmp_path / "trace.py"
    file.write_text(times * AT)
    with pytest.raises(BenchError, match=f"it has {times} of"):
        plant(file, "pass\n")
    assert file.read_text() == times * AT
