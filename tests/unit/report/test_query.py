"""SQL to the database: answered as a table, and nothing is written."""

from pathlib import Path

import pytest

from harness.cli.words import query_names
from harness.report.query import ask
from infrastructure.errors import StoreError, UsageError
from tests.typed import run, typed


def answered(database: Path, *words: str, capsys: pytest.CaptureFixture[str]) -> str:
    run("query", "--db", str(database), *words)
    return capsys.readouterr().out


def test_sql_is_answered(with_series: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = answered(with_series, "SELECT 1.5 AS half, NULL AS none, 'x[/]' AS text", capsys=capsys)
    assert [line.split() for line in said.splitlines()] == [
        ["half", "none", "text"],
        ["1.5", "x[/]"],
    ]
    assert "no rows" in answered(with_series, "FROM trial WHERE false", capsys=capsys)


def test_a_long_answer_is_cut_and_says_so(
    with_series: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = answered(with_series, "FROM range(5)", "--limit", "3", capsys=capsys)
    assert "and more: --limit 30" in said
    assert len(said.splitlines()) == 5


def test_a_wide_answer_keeps_a_row_on_a_line(
    with_series: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = answered(with_series, "SELECT repeat('y', 500) AS a, 'end' AS b", capsys=capsys)
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
def test_what_writes_or_fails_is_refused(with_series: Path, text: str) -> None:
    before = with_series.read_bytes()
    with pytest.raises(UsageError, match=r"query: "):
        ask(with_series, text, 10)
    assert with_series.read_bytes() == before


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
        typed("query", words)
    assert said in str(refused.value)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_a_database_that_is_cut_short_is_damaged_and_not_asked_wrongly(
    two_arms: Path, tmp_path: Path, kept: float
) -> None:
    """Wherever what is asked for stands in it."""
    whole = two_arms.read_bytes()
    cut = tmp_path / "cut.duckdb"
    cut.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(StoreError, match="cannot be opened"):
        ask(cut, "SELECT 1 FROM schema_version", 10)
