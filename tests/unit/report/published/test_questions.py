"""What is published of questions: measured one after the other, each in place of what was there."""

import re
from pathlib import Path

import pytest

from harness.cli.prices import Prices
from harness.report.published.__main__ import export_kept
from harness.report.published.questions import block, questions_in, read_questions
from harness.store.database import open_database
from harness.store.restore import restored
from tests.made.databases import released
from tests.made.questions import answer, bench, rested
from tests.made.rows import Rows, made

PRICES = Prices("USD", 3.6, 3.6, 0)


def publish(results: Path, *steps: object) -> list[tuple[object, ...]]:
    """What is there of ``idle`` once it is published: experiment, framework, cores."""
    place = results.parent / f"database{len(list(results.parent.iterdir()))}"
    place.mkdir()
    export_kept(made(place, *steps), "questions", results)  # type: ignore[arg-type]
    asked = (
        "SELECT experiment_id, framework, value FROM trial JOIN metric USING (trial_id) "
        "WHERE scenario = 'idle' AND name = 'workers_idle_cpu' ORDER BY ALL"
    )
    with restored(results) as database, open_database(database, read_only=True) as connection:
        return [tuple(row) for row in connection.execute(asked).fetchall()]


@pytest.fixture
def results(tmp_path: Path) -> Path:
    (tmp_path / "results").mkdir()
    return tmp_path / "results"


FIRST = [("one", "celery", 0.01), ("one", "celery", 0.02), ("one", "celery", 0.04)]


def test_what_others_measured_is_left(results: Path) -> None:
    assert publish(results, answer) == [*FIRST, ("two", "huey", 0.5)]

    def anew(rows: Rows) -> None:
        bench(rows, "three", "huey", 5)
        rested(rows, "three", "huey", 0.6, framework_version="1.1")

    assert publish(results, anew) == [*FIRST, ("three", "huey", 0.6)]
    with restored(results) as database:
        assert set(read_questions(database).scenarios()) == {"idle", "deploy", "throughput", "soak"}
        assert sorted(questions_in(database)) == ["hour", "one", "three", "two"]
        with open_database(database, read_only=True) as connection:
            assert connection.execute("SELECT count(*) FROM checkpoint").fetchall() == [(1,)]


def test_an_experiment_that_was_gone_on_with_has_all_its_trials_once(results: Path) -> None:
    def begun(rows: Rows) -> None:
        bench(rows, "one", "celery")
        rested(rows, "one", "celery", 0.01)

    assert publish(results, begun) == FIRST[:1]
    assert publish(results, answer) == [*FIRST, ("two", "huey", 0.5)]
    assert publish(results, answer) == [*FIRST, ("two", "huey", 0.5)]


def test_another_broker_is_beside_it(results: Path) -> None:
    def other(rows: Rows) -> None:
        bench(rows, "three", "celery", 5)
        rested(rows, "three", "celery", 0.7, broker="rabbitmq")

    publish(results, answer)
    assert publish(results, other) == [*FIRST, ("three", "celery", 0.7), ("two", "huey", 0.5)]


def test_an_older_one_does_not_come_back(results: Path) -> None:
    def older(rows: Rows) -> None:
        bench(rows, "zero", "celery", created_at="2026-02-01 10:00:00+00")
        rested(rows, "zero", "celery", 0.9)

    publish(results, answer)
    assert publish(results, older) == [*FIRST, ("two", "huey", 0.5)]


def test_the_readme_has_the_first_answers(tmp_path: Path) -> None:
    said = block(read_questions(made(tmp_path, answer)), PRICES)
    assert said.startswith(
        "**[What users of a queue ask](docs/questions.md)** *What does an idle worker cost?* "
        "Celery 1.0: its workers take 0.02 (0.01 to 0.04) of a core"
    )
    assert "; Huey 1.0: its workers take 0.500 of a core" in said
    assert said.endswith(
        " the machine's speed differed by up to 1.75 times, and CPU and times with it.\n"
    )
    assert re.findall(r"(?<= )\*(.*?)\*(?= )", said) == [
        "What does an idle worker cost?",
        "What does a rolling restart lose?",
        "What does a million tasks cost?",
    ]


def test_a_database_without_an_answer_says_nothing(tmp_path: Path) -> None:
    database = made(tmp_path, released)
    assert (questions_in(database), block(read_questions(database), PRICES)) == ([], "")
