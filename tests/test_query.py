"""Questions to the database: those with a name all run, and none can write."""

import re
from pathlib import Path

import pytest

from harness import query_doc
from harness.errors import UsageError
from harness.matrix import ROOT
from harness.options import query_names, query_parser
from harness.query import ask, query_command, text_of
from harness.store import open_database
from tests.test_report import Rows, compared, fill

LACKING = {"packages_that_differ"}  # of the arms of test_report no packages are stored


@pytest.fixture
def filled(database: Path) -> Path:
    with open_database(database) as connection:
        rows = Rows(connection)
        fill(rows)
        compared(rows, "series", day=5)
        (trial,) = connection.execute(
            "SELECT trial_id FROM trial WHERE scenario = 'latency' AND status = 'ok' LIMIT 1"
        ).fetchall()
        name = trial[0]
        for at_ns, cpu_s in ((0, 1.0), (2_000_000_000, 4.0)):
            rows.insert("resource_sample", trial_id=name, at_ns=at_ns, role="workers", processes=2,
                        cpu_s=cpu_s, pss_bytes=3 * 1_048_576, rss_bytes=1)  # fmt: skip
        rows.insert("setting", trial_id=name, name="acks", asked='"late"')
        rows.insert("stack", trial_id=name, tool="py-spy", frames="main (m.py:1);work (w.py:22)",
                    value=30, unit="samples")  # fmt: skip
        rows.insert("task_record", trial_id=name, seq=9_999, attempt=0, kind="noop", outcome="lost")
    return database


def answered(database: Path, *words: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert query_command(query_parser().parse(["--db", str(database), *words])) == 0
    return capsys.readouterr().out


def test_there_are_twenty() -> None:
    assert len(query_names()) == 20


@pytest.mark.parametrize("name", query_names())
def test_a_named_query_runs_and_says_its_purpose(filled: Path, name: str) -> None:
    text = text_of(name)
    assert re.match(r"-- Purpose: \S.+\n", text)
    columns, rows, more = ask(filled, text, 1_000)
    assert len(columns) == len(set(columns))
    assert bool(rows) == (name not in LACKING)
    assert not more


def values(database: Path, name: str, *columns: str) -> list[tuple[object, ...]]:
    found, rows, _ = ask(database, text_of(name), 1_000)
    return [tuple(row[found.index(c)] for c in columns) for row in rows]


def test_answers_are_right(filled: Path) -> None:
    rates = values(filled, "drain_rates", "experiment_id", "framework", "n", "tasks_per_s", "low")
    assert ("a", "alpha", 3, 1_234.0, 1_000.0) in rates
    assert values(filled, "busy_cores", "role", "cores") == [("workers", 1.5)]
    assert values(filled, "memory", "role", "peak_mib", "most_processes") == [("workers", 3.0, 2)]
    assert values(filled, "lost_and_repeated", "lost", "repeated") == [(1, 0)]
    assert values(filled, "hot_functions", "function", "share") == [("work (w.py)", 1.0)]
    assert values(filled, "queue_depth", "most_waiting", "waiting_at_the_end") == [(9, 2), (9, 2)]
    # Evenly from 1.000 to 2.499 ms: p99 of 1,500 tasks, 0.01 ms less from the time of sending.
    stamps = values(filled, "latency_from_stamps", "p99_ms", "p99_from_send_ms")
    assert stamps == [(2.48, 2.47), (2.48, 2.47)]
    late = values(filled, "parts_of_latency", "late_ms", "enqueue_ms", "wait_ms")
    assert late == [(0.01, 0.05, 0.01)] * 2
    assert [row[0] for row in values(filled, "slowest_tasks", "seq")] == [1_499, 1_498, 1_497] * 2
    assert values(filled, "quiet_machine", "experiment_id", "most_foreign_cpu")[-1] == ("a", 1.5)


def test_packages_that_differ(filled: Path) -> None:
    with open_database(filled) as connection:
        rows = Rows(connection)
        for experiment, version in (("a", "1.0"), ("b", "1.1")):
            rows.insert("package", experiment_id=experiment, framework="alpha",
                        framework_version="1.0", python_version="3.12.1", name="kombu",
                        version=version)  # fmt: skip
    assert values(filled, "packages_that_differ", "name", "versions") == [("kombu", "1.0, 1.1")]


def test_sql_is_answered(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = answered(filled, "SELECT 1.5 AS half, NULL AS none, 'x[/]' AS text", capsys=capsys)
    assert [line.split() for line in said.splitlines()] == [
        ["half", "none", "text"],
        ["1.5", "x[/]"],
    ]
    assert "no rows" in answered(filled, "FROM trial WHERE false", capsys=capsys)


def test_a_long_answer_is_cut_and_says_so(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = answered(filled, "FROM range(5)", "--limit", "3", capsys=capsys)
    assert "and more: --limit 30" in said
    assert len(said.splitlines()) == 5


def test_a_wide_answer_keeps_a_row_on_a_line(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = answered(filled, "SELECT repeat('y', 500) AS a, 'end' AS b", capsys=capsys)
    assert len(said.splitlines()) == 2


def test_alone_it_lists_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = answered(tmp_path / "none.duckdb", capsys=capsys)
    assert {word for word in said.split() if word in query_names()} == set(query_names())


@pytest.mark.parametrize(
    "text",
    [
        "DELETE FROM trial",
        "DROP TABLE trial",
        "CREATE TABLE mine (x INTEGER)",
        "COPY trial TO 'trial.csv'",
        "ATTACH 'other.duckdb'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SET enable_external_access = true",
        "SELECT 1; DELETE FROM trial",
        "SELEC 1",
        "SELECT nothing FROM trial",
    ],
)
def test_what_writes_or_fails_is_refused(filled: Path, text: str) -> None:
    before = filled.read_bytes()
    with pytest.raises(UsageError, match=r"query: "):
        ask(filled, text, 10)
    assert filled.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["drain_rate"], "did you mean 'drain_rates'?"),
        ([" "], "found nothing"),
        (["verdicts", "--limit", "0"], "at least 1"),
        (["verdicts", "--dbb", "x"], "did you mean '--db'?"),
    ],
)
def test_wrong_words_are_refused(words: list[str], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        query_parser().parse(words)
    assert said in str(refused.value)


def test_the_page_is_what_the_files_make_it() -> None:
    assert query_doc.PAGE.read_text() == query_doc.page(), (
        "docs/queries.md is stale: run python -m harness.query_doc"
    )


def test_the_queries_of_the_readme_run(filled: Path) -> None:
    blocks = re.findall(r"```sql\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert blocks
    for block in blocks:
        assert ask(filled, block, 10)[0]
