"""The questions that have a name: all run, and their answers are right."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from harness.cli.words import query_names
from harness.report.query import ask, text_of
from tests.made.rows import Rows, filling

ENDS = ("", "_low", "_high")
LACKING = {"packages_that_differ", "soak"}  # no packages are stored, no soak


@pytest.fixture(scope="module")
def filled(with_series: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Samples, settings, stacks and a lost task too. Only to be read."""
    database = Path(shutil.copy(with_series, tmp_path_factory.mktemp("queries")))
    with filling(database) as rows:
        [(trial,)] = rows.connection.execute(
            "SELECT min(trial_id) FROM trial WHERE scenario = 'latency' AND status = 'ok'"
        ).fetchall()
        for at_ns, cpu_s in ((0, 1.0), (2_000_000_000, 4.0)):
            rows.insert(
                "resource_sample",
                trial_id=trial,
                at_ns=at_ns,
                role="workers",
                processes=2,
                cpu_s=cpu_s,
                pss_bytes=3 * 1_048_576,
                rss_bytes=1,
            )
        for name in ("network_round_trip_real", "time_per_task"):
            rows.insert("metric", trial_id=trial, name=name, value=1.0, unit="ms")
        rows.insert("setting", trial_id=trial, name="acks", asked='"late"')
        rows.insert("setting", trial_id=trial, name="prefetch", asked="2", effective="4")
        rows.insert("setting", trial_id=trial, name="processes", asked="2", effective="2")
        rows.stacks(trial, "py-spy", {"main (m.py:1);work (w.py:22)": 30})
        rows.connection.execute(  # a quarter of the tasks by a second worker
            "UPDATE task_record SET worker_pid = 2 WHERE trial_id = ? AND seq % 4 = 0", [trial]
        )
        rows.insert(
            "task_record", trial_id=trial, seq=9_999, attempt=0, kind="noop", outcome="lost"
        )
    return database


def test_there_are_twenty_two() -> None:
    assert len(query_names()) == 22


@pytest.mark.parametrize("name", query_names())
def test_a_named_query_runs_and_says_its_purpose(filled: Path, name: str) -> None:
    text = text_of(name)
    assert re.match(r"-- Purpose: \S.+\n", text)
    found = ask(filled, text, 1_000)
    assert len(found.columns) == len(set(found.columns))
    assert bool(found.rows) == (name not in LACKING)
    assert not found.more


def values(database: Path, name: str, *columns: str) -> list[tuple[object, ...]]:
    found = ask(database, text_of(name), 1_000)
    return [tuple(row[found.columns.index(c)] for c in columns) for row in found.rows]


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


BY_ARM = {
    "medians": "median",
    "drain_rates": "tasks_per_s",
    "latencies": "p50_ms",
    "memory": "peak_mib",
    "busy_cores": "cores",
    "parts_of_latency": "body_ms",
}


def measured(rows: Rows, level: int, **changed: Any) -> None:
    """A trial of experiment ``two`` whose every figure is ``level``."""
    metrics = {"drain_rate": level, "sojourn_p50": level}
    trial = rows.trial("two", "alpha", load_fraction=0.5, capacity=1.0, metrics=metrics, **changed)
    for second in (0, 1):
        rows.insert(
            "resource_sample",
            trial_id=trial,
            at_ns=second * 1_000_000_000,
            role="workers",
            processes=1,
            cpu_s=second * level,
            pss_bytes=level * 1_048_576,
        )
    rows.insert(
        "task_record",
        trial_id=trial,
        seq=0,
        attempt=1,
        kind="noop",
        start_ns=0,
        end_ns=level * 1_000_000,
        outcome="ok",
    )


def test_arms_of_an_experiment_are_not_pooled(database: Path) -> None:
    apart: list[dict[str, Any]] = [
        {},
        {"python_version": "3.13.1"},
        {"broker": "mysql"},
        {"provider": "native"},
        {"topology_profile": "tuned"},
        {"variant": "threads"},
        {"arm_number": 2},
    ]
    with filling(database) as rows:
        rows.experiment("two")
        for level, changed in enumerate(apart, 1):
            measured(rows, level, **changed)
    for name, figure in BY_ARM.items():
        answer = ask(database, text_of(name), 1_000)
        found = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
        assert len(found) == len(apart) * (2 if name == "medians" else 1), name
        for level, changed in enumerate(apart, 1):
            assert any({figure: level, **changed}.items() <= row.items() for row in found), name


def test_the_trial_is_the_unit_of_the_parts_of_latency(database: Path) -> None:
    with filling(database) as rows:
        rows.experiment("a")
        for tasks, wait_ms in ((9, 1), (1, 5), (1, 7)):  # pooled over tasks the median would be 1
            trial = rows.trial("a", "alpha")
            for seq in range(tasks):
                rows.insert(
                    "task_record",
                    trial_id=trial,
                    seq=seq,
                    attempt=1,
                    kind="noop",
                    ack_ns=0,
                    start_ns=wait_ms * 1_000_000,
                    outcome="ok",
                )
    assert values(database, "parts_of_latency", "n", "wait_ms") == [(3, 5.0)]


def test_hot_functions_are_those_of_one_pass(filled: Path, database: Path) -> None:
    shutil.copy(filled, database)
    with filling(database) as rows:
        rows.experiment("again", day=6, size="quick")
        trial = rows.trial("again", "alpha", purpose="py-spy")
        rows.stacks(trial, "py-spy", {"main (m.py:1);work (w.py:3)": 10, "main (m.py:1)": 30})
    found = values(database, "hot_functions", "size", "function", "samples", "share")
    assert sorted(found) == [
        ("full", "work (w.py)", 30, 1.0),
        ("quick", "main (m.py)", 30, 0.75),
        ("quick", "work (w.py)", 10, 0.25),
    ]


def test_packages_that_differ(changeable: Path) -> None:
    with filling(changeable) as rows:
        for experiment, version in (("a", "1.0"), ("b", "1.1")):
            rows.packages(experiment, "alpha", {"kombu": version})
    found = values(changeable, "packages_that_differ", "name", "versions")
    assert found == [("kombu", "1.0, 1.1")]


def test_a_soak_grew_where_all_of_its_pieces_say_so(database: Path) -> None:
    pieces = [(2.0, 1.0, 3.0), (4.0, -1.0, 9.0)]
    with filling(database) as rows:
        rows.experiment("s", command="soak")
        for number, ends in enumerate(pieces):
            slopes = {f"sojourn_p50_slope{end}": v for end, v in zip(ENDS, ends, strict=True)}
            grows = {f"broker_keys_slope{end}": 5.0 + number for end in ENDS}
            own = {**slopes, **grows, "backlog_slope": 1.0}
            trial = rows.trial("s", "alpha", scenario="soak", metrics=own)
            for minute in range(1, 11):
                rows.checkpoint(trial, minute, completed=1.0)
    columns = ("what", "trials", "minutes", "slope", "low", "high", "said")
    assert values(database, "soak", *columns) == [
        ("broker_keys", 2, 20, 5.5, 5.0, 6.0, "grows"),
        ("sojourn_p50", 2, 20, 3.0, -1.0, 9.0, "not told from nothing"),
    ]
