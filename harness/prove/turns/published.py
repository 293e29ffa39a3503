"""``python -m harness.prove.turns.published [ROWS]``: publish what was proved of turns so far.

ROWS, which ``validate --turns`` keeps beside its database, are copied to results/proof/turns.jsonl,
and docs/proof.md is written: each check against its bar, and on which machines, when and at which
commits its pieces were carried out. Without an argument only the page.
"""

import argparse
import math
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from harness.cli.numbers import number
from harness.prove.turns.plan import planned
from harness.prove.turns.run import rows_of
from harness.prove.turns.table import Line, lines
from harness.report.published.grounds import day
from harness.store.rows import Row
from infrastructure.errors import BenchError
from infrastructure.root import ROOT

ROWS, PAGE = ROOT / "results" / "proof" / "turns.jsonl", ROOT / "docs" / "proof.md"
HEAD = """\
# Comparisons in turns, proved

[method.md](method.md#9-what-becomes-of-a-trial) says what `nox -s validate -- --turns` carries out,
piece by piece. This page says what came of it. `python -m harness.prove.turns.published` makes it
of the rows in [results/proof](../results/README.md#proof), one for each piece.

| check | found | bar | |
|---|---:|---:|---|
"""


def page(rows: Sequence[Row]) -> str:
    """The whole document."""
    said = list(lines(rows))
    table = "\n".join(map(line, said))
    sentences = "\n".join(
        f"- **{each.found.name}**: {each.found.sentence}" for each in said if each.decided
    )
    places = "\n".join(f"- {each}" for each in grounds(rows))
    done = f"{len(rows)} of {len(planned())} pieces:"
    return f"{HEAD}{table}\n\n{sentences}\n\n## Where and when\n\n{done}\n\n{places}\n"


def line(said: Line) -> str:
    """A row of the table; what is not decided has no figure yet."""
    found = said.found
    unit = "" if found.unit == "1" else f" {found.unit}"
    bar = f"{'≤' if found.at_most else '≥'} {number(found.bar)}{unit}"
    value = "–" if math.isnan(found.value) or not said.decided else number(found.value)
    met = ("met" if found.passed else "missed") if said.decided else "not decided yet"
    return f"| {found.name} | {value} | {bar} | {met} |"


def grounds(rows: Sequence[Row]) -> Iterator[str]:
    """A sentence for every machine, day and commit, in their order, with how many pieces it has."""
    places = [
        (row["machine"], day(datetime.fromisoformat(row["at"])), row["commit"]) for row in rows
    ]
    for place in dict.fromkeys(places):
        machine, when, commit = place
        yield f"{when}, {machine}, commit `{commit}`: {places.count(place)}"


def publish(rows: Path) -> None:
    """Take them over. Raises BenchError where there is none."""
    if not rows.exists():
        raise BenchError(f"{rows} does not exist: nox -s validate -- --turns writes such a file")
    ROWS.parent.mkdir(exist_ok=True)
    shutil.copy(rows, ROWS)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m harness.prove.turns.published")
    parser.add_argument("rows", nargs="?", type=Path)
    typed = parser.parse_args()
    if typed.rows:
        publish(typed.rows)
    PAGE.write_text(page(rows_of(ROWS)))
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
