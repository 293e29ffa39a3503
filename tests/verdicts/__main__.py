"""``python -m tests.verdicts``: are verdicts of arms in turns right?

Real cells on Valkey: equal arms, whose comparisons must find nothing; Celery with computing
planted, which must be found within five minutes (2 % of the CPU per task) and within two (5 %);
pairs in turns and in sequence, whose ratios must agree; and what turns cost an arm and gain in
precision, on the machine as it is and beside a busy core. Rows go to ``--out`` as lines of JSON,
and what stands there is not carried out again: so it can be run in pieces (``--seconds``,
``--only``). A piece begins only where it should end in time. At the end the table of all that
stands there; the exit code is 1 where a bar is missed. Wants a quiet machine.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness.experiment.cleanup import guarded
from tests.verdicts.plan import BLOCK, FIVE, KINDS, SAME, TWO, Piece, planned
from tests.verdicts.play import Player
from tests.verdicts.table import CPU, lines

Row = dict[str, Any]
MARKS = {True: "met    ", False: "MISSED ", None: "       "}
SPARE = 1.1  # times what such a piece has taken at most


def carry_out(out: Path, kinds: Sequence[str], seconds: float) -> None:
    """Those pieces that are not there yet, as far as they should end within so long."""
    deadline = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="verdicts-") as folder:
        player = Player(Path(folder))
        with guarded(player.session.scratch):
            for piece in missing(rows_of(out), kinds):
                if time.monotonic() + expected_s(rows_of(out), piece) > deadline:
                    continue
                if piece.kind in {TWO, FIVE}:
                    player.cpu_us = planted_of(player, out)
                keep(out, player.play(piece))


def missing(rows: Sequence[Row], kinds: Sequence[str]) -> list[Piece]:
    done = {(row["piece"][0], tuple(row["piece"][1]), row["piece"][2]) for row in rows}
    return [piece for piece in planned(kinds) if tuple(piece) not in done]


def expected_s(rows: Sequence[Row], piece: Piece) -> float:
    """Of the longest piece of its kind and arms; without any, of the kind."""
    alike = [r["seconds"] for r in rows if r["piece"][:2] == [piece.kind, list(piece.arms)]]
    return SPARE * max(alike) if alike else KINDS[piece.kind].expected_s


def planted_of(player: Player, out: Path) -> float:
    """Microseconds of CPU that a task costs Celery's workers here, by the first block of it."""
    first = Piece(BLOCK, SAME[0], 1)
    if first in missing(rows_of(out), [BLOCK]):
        keep(out, player.play(first))
    [row] = [row for row in rows_of(out) if row["piece"] == [first.kind, list(first.arms), 1]]
    return float(sum(trial[CPU] for trial in row["turns"]) / 2)


def keep(out: Path, row: Row) -> None:
    with out.open("a") as file:
        file.write(json.dumps(row) + "\n")
    kind, arms, number = row["piece"]
    print(f"{kind} {number}, {' and '.join(arms)}: {row['seconds']:.0f} s", flush=True)
    for sentence in row.get("said", ()):
        print(f"    {sentence}", flush=True)


def rows_of(out: Path) -> list[Row]:
    return [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.verdicts", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("verdicts.jsonl"))
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--only", action="append", default=[], choices=list(KINDS))
    options = parser.parse_args()
    carry_out(options.out, options.only, options.seconds)
    decided = list(lines(rows_of(options.out)))
    for said, met in decided:
        print(MARKS[met] + said)
    return 1 if any(met is False for _, met in decided) else 0


if __name__ == "__main__":
    sys.exit(main())
