"""Pieces that go on where the last one ended."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.prove.turns import run as turns
from harness.prove.turns.plan import BLOCK, GROUPS, KINDS, TWO, TWO_ALONE, Piece, planned
from harness.prove.turns.table import CPU
from tests.conftest import Query
from tests.unit.prove.turns.made import block, compared


def player(played: list[Piece], seconds: float = 60.0) -> Any:
    def play(piece: Piece) -> dict[str, Any]:
        played.append(piece)
        kind = KINDS[piece.kind]
        row = compared(kind) if kind.blocks else block(kind, piece.arms, 1.0, 1.0)
        return row | {"piece": piece, "seconds": seconds}

    return SimpleNamespace(play=play, task_us=0.0)


def test_what_stands_there_is_not_carried_out_again(tmp_path: Path) -> None:
    out, played = tmp_path / "rows.jsonl", list[Piece]()
    turns.carry_out(player(played), out, float("inf"))
    assert len(played) == len(set(played)) == len(planned())
    turns.carry_out(player(played), out, float("inf"))
    assert len(played) == len(planned())
    assert turns.missing(turns.rows_of(out)) == []


def test_rows_of_an_earlier_plan_do_not_count(tmp_path: Path) -> None:
    out = tmp_path / "rows.jsonl"
    row = {"piece": [TWO_ALONE.name, ["celery", "celery+2"], 1], "seconds": 1.0}
    out.write_text(f"{json.dumps(row)}\n")
    assert turns.rows_of(out) == []


def test_a_piece_begins_only_where_it_should_end_in_time(tmp_path: Path) -> None:
    out, played = tmp_path / "rows.jsonl", list[Piece]()
    turns.carry_out(player(played), out, TWO_ALONE.expected_s - 10)
    assert TWO_ALONE.name not in {piece.kind for piece in played}
    assert TWO.name not in {piece.kind for piece in played}
    assert BLOCK.name in {piece.kind for piece in played}
    row = {"piece": [TWO.name, list(TWO.groups[0]), 1], "seconds": 500.0}
    assert turns.expected_s([row], Piece(TWO.name, TWO.groups[0], 2)) == pytest.approx(550)


def test_what_is_planted_is_a_share_of_what_a_task_costs_here(tmp_path: Path) -> None:
    out, one = tmp_path / "rows.jsonl", player([])
    turns.carry_out(one, out, TWO_ALONE.expected_s + 60)
    first = json.loads(out.read_text().splitlines()[0])
    assert first["piece"] == [BLOCK.name, list(GROUPS[0]), 1]
    assert one.task_us == first["turns"][GROUPS[0].index("celery@solo")][CPU]


def test_what_is_decided_is_stored_with_its_bar(
    database: Path, query: Query, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        compared(TWO_ALONE, seconds=360.0)
        | {"piece": [TWO_ALONE.name, list(TWO_ALONE.groups[0]), 1]},
        *(compared(TWO) | {"piece": [TWO.name, list(TWO.groups[0]), n]} for n in range(1, 6)),
    ]
    turns.rows_beside(database).write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    out = turns.rows_beside(database)
    assert turns.conclude(database, "t", out) == 1  # the time is over its bar
    found: dict[str, bool] = dict(query("SELECT name, passed FROM proof"))
    assert found["time to find +2 % in Celery"] is False
    assert found["planted +2 % in Celery, throughput in turns"] is True
    assert "A/A in turns, throughput" not in found  # ten of twenty
    said = capsys.readouterr().out
    assert "not decided yet A/A in turns, throughput: 10 of 20 comparisons" in " ".join(
        said.split()
    )
    assert "type the same again" in " ".join(said.split())


def test_cells_are_found_by_version_and_the_first_without_one() -> None:
    arms: Any = [SimpleNamespace(framework="a", version=v) for v in ("1.7", "1.4")]
    found = turns.cells_of(arms)
    assert found["a", ""] is found["a", "1.7"] is arms[0]
    assert found["a", "1.4"] is arms[1]
