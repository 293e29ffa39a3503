"""What users ask beside which is faster: the benches that answer it, and what README says of it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import duckdb

from harness.cli.numbers import number
from harness.cli.prices import Prices
from harness.report.export.analysis import REPORT
from harness.report.published.kept import export_only
from harness.report.questions.answers import answered, asked_in
from harness.report.questions.asked import QUESTIONS, Question
from harness.report.questions.behind import OTHER_SPEED, behind, slowest
from harness.report.questions.page import how_sure
from harness.report.tables import FIGURES, make_tables
from harness.report.terminal.latest import Latest, fetched
from harness.store.database import open_database
from harness.store.queries import sql
from harness.store.restore import restore

COMMANDS = ("bench", "soak")
PAGE = "docs/questions.md"
SHOWN = ("idle", "deploy", "throughput")  # that README answers
SCENARIOS = [question.scenario for question in QUESTIONS]


class FirstAnswer(NamedTuple):
    """What each arm says to a question first of all."""

    scenario: str
    asks: str
    said: str


def read_questions(database: Path) -> Latest:
    """The latest figures of every arm, by benches and soaks in full size."""
    with open_database(database, read_only=True) as connection:
        want(connection)
        make_tables(connection, [f"report_{name}" for name in FIGURES if name != "wanted"])
        return fetched(connection)


def want(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Make the table wanted; the experiments in it."""
    asked = {"commands": list(COMMANDS), "scenarios": SCENARIOS}
    connection.execute(sql("published_wanted"), asked)
    return [str(name) for (name,) in connection.execute("FROM wanted").fetchall()]


def questions_in(database: Path) -> list[str]:
    with open_database(database, read_only=True) as connection:
        return want(connection)


def add(database: Path, fresh: Sequence[str], out: Path) -> None:
    """Export these experiments to ``out``, and what was there beside them: of each scenario,
    framework and broker the newest experiment is kept.
    """
    with TemporaryDirectory() as name:
        place = Path(name)
        folders, made = [place / "fresh"], place / "made.duckdb"
        export_only(database, fresh, folders[0])
        if (out / REPORT).exists():
            before = place / "before.duckdb"
            restore([out], before)
            if rest := [each for each in questions_in(before) if each not in fresh]:
                folders.append(place / "rest")
                export_only(before, rest, folders[-1])
        restore(folders, made)
        with open_database(made) as connection:
            connection.execute(sql("published_newest"), {"scenarios": SCENARIOS})
        export_only(made, questions_in(made), out)


def block(found: Latest, prices: Prices) -> str:
    """What README says of them: the first answer to some; empty where none was measured."""
    shown = [each for each in first_answers(found, prices) if each.scenario in SHOWN]
    if not shown:
        return ""
    lines = [f"*{each.asks}* {each.said}" for each in shown]
    sure = how_sure([median for median in found.medians if median.scenario in SHOWN])
    head = f"**[What users of a queue ask]({PAGE})**"
    return " ".join([head, *lines, sure, *speeds_differed(found, prices)]) + "\n"


def speeds_differed(found: Latest, prices: Prices) -> Iterator[str]:
    """By how much at most between trials that answer one question; nothing where that is little."""
    shown = [each for each in asked_in(found) if each.scenario in SHOWN]
    times = max(slowest(behind(each, found, prices)) for each in shown)
    if times > OTHER_SPEED:
        yield (
            f"Between trials of one question the machine's speed differed by up to {number(times)} "
            "times, and CPU and times with it."
        )


def first_answers(found: Latest, prices: Prices) -> list[FirstAnswer]:
    """Each question in a sentence of all arms."""
    return [first_answer(each, found, prices) for each in asked_in(found)]


def first_answer(question: Question, found: Latest, prices: Prices) -> FirstAnswer:
    said = [f"{each.name}: {each.first}" for each in answered(question, found, prices)]
    return FirstAnswer(question.scenario, question.asks, f"{'; '.join(said)}.")


def experiments_of(found: Latest) -> list[str]:
    """In the order of the questions."""
    rows = [row for each in asked_in(found) for row in found.of(each.scenario).sizes]
    return list(dict.fromkeys(row.experiment_id for row in rows))
