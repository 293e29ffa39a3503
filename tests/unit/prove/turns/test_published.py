"""What was proved of turns, as the project publishes it."""

import json
from pathlib import Path

import pytest

from harness.prove.turns import published
from harness.prove.turns.plan import TWO, TWO_ALONE
from harness.prove.turns.run import rows_of
from infrastructure.errors import BenchError
from tests.unit.prove.turns.made import Row, compared

HERE = {"at": "2026-11-29T03:00:00+00:00", "machine": "2 cores (AMD EPYC)", "commit": "24f092b"}


def rows() -> list[Row]:
    """Two comparisons of four arms on one machine, and one of two arms on another."""
    several = [compared(TWO) | {"piece": [TWO.name, list(TWO.groups[0]), n]} for n in (1, 2)]
    alone = compared(TWO_ALONE, seconds=240.0) | HERE | {"machine": "8 cores (Xeon)"}
    return [*(row | HERE for row in several), alone]


def test_every_check_stands_beside_its_bar_and_what_is_not_decided_has_no_figure() -> None:
    text = published.page(rows())
    assert "| time to find +2 % in Celery | 4.00 | ≤ 5.00 min | met |" in text
    assert "| A/A in turns, throughput | – | ≤ 1.00 wrong comparisons | not decided yet |" in text
    assert "- **time to find +2 % in Celery**: two arms alone" in text
    assert "- **A/A in turns, throughput**" not in text


def test_it_says_where_when_and_at_which_commit() -> None:
    text = published.page(rows())
    assert "- 29 November 2026, 2 cores (AMD EPYC), commit `24f092b`: 2\n" in text
    assert "- 29 November 2026, 8 cores (Xeon), commit `24f092b`: 1\n" in text


def test_rows_are_taken_over_and_survive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "ROWS", tmp_path / "proof" / "turns.jsonl")
    kept = tmp_path / "results.turns.jsonl"
    with pytest.raises(BenchError, match=r"does not exist: nox -s validate -- --turns"):
        published.publish(kept)
    kept.write_text("".join(f"{json.dumps(row)}\n" for row in rows()))
    published.publish(kept)
    kept.unlink()
    assert rows_of(published.ROWS) == rows()


def test_the_page_is_what_the_rows_make() -> None:
    assert published.PAGE.exists() == published.ROWS.exists()
    if published.ROWS.exists():
        assert published.PAGE.read_text() == published.page(rows_of(published.ROWS))
