"""What a command that measures ends with: the answer, in one look."""

import json
import sys
from pathlib import Path


def take_a_look(database: Path, out: Path | None, experiment: str, *, whole: bool = False) -> None:
    """Print the answer of an experiment, then a line for each scenario that is in no question;
    ``out``: the answer as JSON too; ``whole``: all arms, not the best of many.
    """
    from harness.cli.console import console
    from harness.report.answer.document import document
    from harness.report.answer.ranking import kills, rankings
    from harness.report.terminal.latest import read
    from harness.report.terminal.look import MOST_ARMS, look
    from harness.report.terminal.results import others

    facts = read(database, experiment=experiment)
    found, killed = rankings(facts), kills(facts)
    console.print()
    most = sys.maxsize if whole else MOST_ARMS
    for piece in (*look(found, killed, most), *others(facts, [*found, *killed])):
        console.print(piece, highlight=False)
    if out is not None:
        out.write_text(json.dumps(document([*found, *killed]), indent=1) + "\n", encoding="utf-8")
