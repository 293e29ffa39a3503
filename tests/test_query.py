"""Questions to the database: those with a name all run, and none can write."""

import re
from pathlib import Path
from typing import Any

import pytest

from harness.cli.words import query_names
from harness.report import query_doc
from harness.report.query import ask, query_command, text_of
from harness.store.database import open_database
from infrastructure.errors import UsageError
from infrastructure.root import ROOT
from tests.test_report import Rows, compared, fill
from tests.typed import typed

LACKING = {"packages_that_differ"}  # of the arms of test_report no packages are stored


@pytest.fixture
def filled(database: Path) -> Path:
    with open_database(database) as connection:
        rows = Rows(connection)
        fill(rows)
        compared(rows, "series", day=5)
        (trial,) = connection.execute(
            "SELECT trial_id FROM trial WHERE scenario = 'latency' AND status = 'ok' "
            "ORDER BY trial_id LIMIT 1"
        ).fetchall()
        name = trial[0]
        for at_ns, cpu_s in ((0, 1.0), (2_000_000_000, 4.0)):
            rows.insert("resource_sample", trial_id=name, at_ns=at_ns, role="workers", processes=2,
                        cpu_s=cpu_s, pss_bytes=3 * 1_048_576, rss_bytes=1)  # fmt: skip
        rows.insert("setting", trial_id=name, name="acks", asked='"late"')
        rows.insert("setting", trial_id=name, name="prefetch", asked="2", effective="4")
        rows.insert("setting", trial_id=name, name="processes", asked="2", effective="2")
        rows.insert("stack", trial_id=name, tool="py-spy", frames="main (m.py:1);work (w.py:22)",
                    value=30, unit="samples")  # fmt: skip
        connection.execute(  # a quarter of the tasks by a second worker
            "UPDATE task_record SET worker_pid = 2 WHERE trial_id = ? AND seq % 4 = 0", [name]
        )
        rows.insert("task_record", trial_id=name, seq=9_999, attempt=0, kind="noop", outcome="lost")
    return database


def answered(database: Path, *words: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert query_command(typed("query", ["--db", str(database), *words])) == 0
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
    by_second = values(filled, "completions_by_second", "trial_id", "second", "tasks")
    assert by_second == [("b-011", 0, 1_000), ("b-011", 1, 500)]
    shares = values(filled, "share_of_workers", "trial_id", "workers_seen", "busiest", "idlest")
    assert shares == [("a-009", 2, 0.75, 0.25), ("b-011", 1, 1.0, 1.0)]


def test_medians_and_latencies_are_over_ok_measuring_trials(filled: Path) -> None:
    drained = [
        row[:1] + row[2:]
        for row in values(filled, "medians", "experiment_id", "name", "n", "median", "low", "high")
        if row[1] == "drain_rate"
    ]
    assert drained == [
        ("series", 6, 103.5, 101.0, 106.0),
        ("series", 6, 104.5, 102.0, 107.0),
        ("series", 6, 153.5, 151.0, 156.0),
        ("old", 1, 66_666.0, 66_666.0, 66_666.0),
        ("b", 1, 321.0, 321.0, 321.0),
        ("a", 3, 1_234.0, 1_000.0, 1_500.0),
    ]
    told = values(filled, "latencies", "framework", "point", "offered", "n", "p50_ms", "p90_ms")
    assert told == [
        ("beta", "load 0.5", 200.0, 1, 1.75, 2.35),
        ("alpha", "load 0.5", 500.0, 1, 1.75, 2.35),
    ]


def test_what_was_done_and_how_to_do_it_again(filled: Path) -> None:
    wanted = ("experiment_id", "command", "size", "frameworks", "scenarios", "trials", "ok")
    assert values(filled, "experiments", *wanted) == [
        ("series", "regress", "full", "celery 5.1, celery 5.2, celery 5.3", "throughput", 18, 18),
        ("b", "bench", "quick", "beta 1.0", "latency, throughput", 3, 2),
        ("a", "bench", "full", "alpha 1.0", "latency, throughput", 7, 4),
        ("old", "bench", "full", "alpha 1.0", "throughput", 1, 1),
    ]
    again = ("experiment_id", "command", "harness_commit", "seed", "options", "workloads", "locks")
    assert values(filled, "reproduce", *again) == [
        ("series", "regress", "abc1234", 7, "{}", 1, "l"),
        *((name, "bench", "abc1234", 7, "{}", 1, "l") for name in ("old", "b", "a")),
    ]


def test_what_was_not_as_it_should_be(filled: Path) -> None:
    assert values(filled, "not_ok", "trial_id", "status", "reason") == [
        ("a-005", "invalid", "lost 3 <tasks> & more"),
        ("a-006", "failed", "the broker died"),
        ("a-010", "invalid", "unstable, latency undefined"),
        ("b-012", "invalid", "unstable, latency undefined"),
    ]
    assert values(filled, "settings_not_as_asked", "name", "asked", "effective", "trials") == [
        ("acks", '"late"', "not read back", 1),
        ("prefetch", "2", "4", 1),
    ]


def test_verdicts_are_told_in_words(filled: Path) -> None:
    wanted = ("experiment_id", "size", "metric", "kind", "ratio", "low", "high", "n", "sentence")
    assert values(filled, "verdicts", *wanted) == [
        ("series", "full", "drain_rate", kind, 1.2, 1.1, 1.3, 6, f"series says {kind}.")
        for kind in ("equivalent", "faster")
    ]


BY_ARM = {"medians": "median", "drain_rates": "tasks_per_s", "latencies": "p50_ms",
          "memory": "peak_mib", "busy_cores": "cores", "parts_of_latency": "body_ms"}  # fmt: skip


def measured(rows: Rows, level: int, **changed: Any) -> None:
    """A trial of experiment ``two`` whose every figure is ``level``."""
    metrics = {"drain_rate": level, "sojourn_p50": level}
    trial = rows.trial("two", "alpha", load_fraction=0.5, capacity=1.0, metrics=metrics, **changed)
    for second in (0, 1):
        rows.insert("resource_sample", trial_id=trial, at_ns=second * 1_000_000_000, role="workers",
                    processes=1, cpu_s=second * level, pss_bytes=level * 1_048_576)  # fmt: skip
    rows.insert("task_record", trial_id=trial, seq=0, attempt=1, kind="noop", start_ns=0,
                end_ns=level * 1_000_000, outcome="ok")  # fmt: skip


def test_arms_of_an_experiment_are_not_pooled(database: Path) -> None:
    apart: list[dict[str, Any]] = [
        {}, {"python_version": "3.13.1"}, {"broker": "mysql"}, {"provider": "native"},
        {"topology_profile": "tuned"}, {"variant": "threads"}, {"arm_number": 2},
    ]  # fmt: skip
    with open_database(database) as connection:
        rows = Rows(connection)
        rows.experiment("two")
        for level, changed in enumerate(apart, 1):
            measured(rows, level, **changed)
    for name, figure in BY_ARM.items():
        columns, answered, _ = ask(database, text_of(name), 1_000)
        found = [dict(zip(columns, row, strict=True)) for row in answered]
        assert len(found) == len(apart) * (2 if name == "medians" else 1), name
        for level, changed in enumerate(apart, 1):
            assert any({figure: level, **changed}.items() <= row.items() for row in found), name


def test_the_trial_is_the_unit_of_the_parts_of_latency(database: Path) -> None:
    with open_database(database) as connection:
        rows = Rows(connection)
        rows.experiment("a")
        for tasks, wait_ms in ((9, 1), (1, 5), (1, 7)):  # pooled over tasks the median would be 1
            trial = rows.trial("a", "alpha")
            for seq in range(tasks):
                rows.insert("task_record", trial_id=trial, seq=seq, attempt=1, kind="noop",
                            ack_ns=0, start_ns=wait_ms * 1_000_000, outcome="ok")  # fmt: skip
    assert values(database, "parts_of_latency", "n", "wait_ms") == [(3, 5.0)]


def test_hot_functions_are_those_of_one_pass(filled: Path) -> None:
    with open_database(filled) as connection:
        rows = Rows(connection)
        rows.experiment("again", day=6, size="quick")
        trial = rows.trial("again", "alpha", purpose="py-spy")
        for frames, samples in (("main (m.py:1);work (w.py:3)", 10), ("main (m.py:1)", 30)):
            rows.insert("stack", trial_id=trial, tool="py-spy", frames=frames, value=samples,
                        unit="samples")  # fmt: skip
    found = values(filled, "hot_functions", "size", "function", "samples", "share")
    assert sorted(found) == [
        ("full", "work (w.py)", 30, 1.0),
        ("quick", "main (m.py)", 30, 0.75),
        ("quick", "work (w.py)", 10, 0.25),
    ]


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
        typed("query", words)
    assert said in str(refused.value)


def test_the_page_is_what_the_files_make_it() -> None:
    assert query_doc.PAGE.read_text() == query_doc.page(), (
        "docs/queries.md is stale: run python -m harness.report.query_doc"
    )


def test_the_queries_of_the_readme_run(filled: Path) -> None:
    blocks = re.findall(r"```sql\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert blocks
    for block in blocks:
        assert ask(filled, block, 10)[0]
