"""``validate --turns``: are verdicts of arms in turns right, by real frameworks?

Pieces are carried out in the order of their value, as far as each should end in time. Their rows
go beside the database as lines of JSON; what stands there is not carried out again. At the end
every check of which something stands there is printed, and those with enough are stored.
"""

import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.markup import escape

from harness.cli.console import console
from harness.cli.progress import clock
from harness.experiment.cleanup import guarded
from harness.experiment.row import new_experiment
from harness.prove.turns.plan import BLOCK, KINDS, PLANTED_IN, Piece, planned
from harness.prove.turns.play import Player
from harness.prove.turns.table import CPU, Line, lines
from harness.prove.validate.run import TURNS, proof_row, show
from harness.prove.validate.session import Sizes, ValidateSession
from harness.store.database import open_database
from harness.store.ingest import insert_row
from harness.store.rows import Row
from harness.trial.cell import Arm

SPARE = 1.1  # times what such a piece has taken at most


def prove_turns(database: Path, arms: Sequence[Arm], stub: str, seed: int, limit_s: float) -> int:
    """Carry out, store, show; 1 where a bar is missed. Raises BenchError."""
    experiment = new_experiment("validate", TURNS, seed, {"max_time": limit_s})
    with open_database(database) as connection:  # refuse an unusable one before anything starts
        insert_row(connection, "experiment", vars(experiment))
    out = rows_beside(database)
    with tempfile.TemporaryDirectory(prefix="validate-") as folder:
        session = ValidateSession(Path(folder) / "results.duckdb", arms, stub, Sizes(), seed)
        with guarded(session.scratch):
            carry_out(Player(session, cells_of(arms)), out, limit_s)
    return conclude(database, experiment.experiment_id, out)


def conclude(database: Path, experiment: str, out: Path) -> int:
    """Store what is decided by the rows, show all; 1 where a bar is missed."""
    said = list(lines(rows_of(out)))
    store(database, experiment, [each for each in said if each.decided])
    show(database, experiment)
    for each in said:
        if not each.decided:
            said_so_far = escape(f"{each.found.name}: {each.found.sentence}")
            console.print(f"[dim]not decided yet[/] {said_so_far}")
    left = missing(rows_of(out))
    console.print(f"{len(planned()) - len(left)} of {len(planned())} pieces in {out}{go_on(left)}")
    return 0 if all(each.found.passed for each in said if each.decided) else 1


def cells_of(arms: Sequence[Arm]) -> dict[tuple[str, str], Arm]:
    """By framework and version; the first of a framework, its newest, without a version too."""
    found: dict[tuple[str, str], Arm] = {}
    for arm in arms:
        found.setdefault((arm.framework, ""), arm)
        found[arm.framework, arm.version] = arm
    return found


def rows_beside(database: Path) -> Path:
    return database.with_suffix(".turns.jsonl")


def go_on(left: Sequence[Piece]) -> str:
    if not left:
        return ""
    expected = clock(sum(KINDS[piece.kind].expected_s for piece in left))
    return f"; the others take about {expected}: type the same again"


def carry_out(player: Player, out: Path, limit_s: float) -> None:
    """Those pieces that are not there yet, as far as they should end within so long."""
    deadline = time.monotonic() + limit_s
    for piece in planned():
        rows = rows_of(out)
        too_late = time.monotonic() + expected_s(rows, piece) > deadline
        if too_late or piece not in missing(rows):
            continue
        if KINDS[piece.kind].percent:
            player.task_us = task_us(player, out)
        keep(out, player.play(piece))


def missing(rows: Sequence[Row]) -> list[Piece]:
    done = set(map(piece_of, rows))
    return [piece for piece in planned() if piece not in done]


def expected_s(rows: Sequence[Row], piece: Piece) -> float:
    """Of the longest piece of its kind and arms; without any, of the kind."""
    alike = [r["seconds"] for r in rows if r["piece"][:2] == [piece.kind, list(piece.arms)]]
    return SPARE * max(alike) if alike else KINDS[piece.kind].expected_s


def task_us(player: Player, out: Path) -> float:
    """CPU of a task of the arm that is planted in, in microseconds, by the first block of it."""
    first = next(piece for piece in planned() if piece.kind == BLOCK.name)
    if first in missing(rows_of(out)):
        keep(out, player.play(first))
    name = [first.kind, list(first.arms), first.number]
    [row] = [row for row in rows_of(out) if row["piece"] == name]
    return float(row["turns"][first.arms.index(PLANTED_IN)][CPU])


def keep(out: Path, row: Row) -> None:
    with out.open("a") as file:
        file.write(json.dumps(row) + "\n")
    kind, arms, number = row["piece"]
    console.print(f"{kind} {number}, {', '.join(arms)}: {row['seconds']:.0f} s")


def rows_of(out: Path) -> list[Row]:
    """Of pieces that are planned: those of an earlier plan do not count."""
    known = set(planned())
    found = [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []
    return [row for row in found if piece_of(row) in known]


def piece_of(row: Row) -> Piece:
    kind, arms, number = row["piece"]
    return Piece(kind, tuple(arms), number)


def store(database: Path, experiment: str, decided: Sequence[Line]) -> None:
    with open_database(database) as connection:
        for position, (found, _, took_s) in enumerate(decided, 1):
            insert_row(connection, "proof", proof_row(experiment, position, found, took_s))
