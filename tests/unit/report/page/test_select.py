"""What a page is laid out from: which trials, which arms, which experiment."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.records import Records
from harness.report.page.select import TABLES, Selection, select
from harness.report.tables import make_tables
from harness.store.database import open_database
from harness.trial.records import record_table
from infrastructure.errors import BenchError, StoreError
from scenarios.scheduling import RETRY, late_delays, late_retries
from tests.made.databases import fill_recovery
from tests.made.rows import Rows, filling

Filler = Callable[[Rows], None]
Selected = Callable[[Filler], Selection]


def test_quantiles_of_the_distribution_are_taken_within_trials(two_arms: Path) -> None:
    found, _ = select(two_arms)
    curve = {row.slower: row.median for row in found.distribution if row.arm == 1}
    assert curve[0.5] == pytest.approx(1.0 + 0.7495)
    assert min(curve) == 0.007  # 1,500 tasks: 10 beyond p99.3, fewer beyond p99.5


def trials(*each: dict[str, str]) -> Filler:
    """Of one framework in one experiment."""

    def fill(rows: Rows) -> None:
        rows.experiment("a")
        for trial in each:
            rows.trial("a", "alpha", **trial)

    return fill


def test_arms_are_told_apart_by_what_differs(selected: Selected) -> None:
    found = selected(
        trials(
            *(
                {"framework_version": version, "python_version": python}
                for version in ("1.10", "1.9")
                for python in ("3.12.1", "3.13.0")
            )
        )
    )
    assert [arm.label for arm in found.arms][:3] == [
        "alpha 1.9 · Python 3.12.1",
        "alpha 1.9 · Python 3.13.0",
        "alpha 1.10 · Python 3.12.1",
    ]


def test_a_provider_is_named_only_where_it_tells_arms_apart(selected: Selected) -> None:
    fill = trials({}, {"broker": "mysql", "provider": "native"})

    def add(rows: Rows) -> None:
        rows.trial("a", "alpha", trial_id="more", provider="native")

    assert [a.label for a in selected(fill).arms] == ["alpha 1.0 · mysql", "alpha 1.0 · redis"]
    assert [a.label for a in selected(add).arms] == [
        "alpha 1.0 · mysql · native",
        "alpha 1.0 · redis · embedded",
        "alpha 1.0 · redis · native",
    ]


def test_a_point_that_cannot_be_had_adds_no_source_of_settings(selected: Selected) -> None:
    told = (("the docs", "ok"), ("", "gap"), ("a page", "ok"))
    fill = trials(*({"topology_source": source, "status": status} for source, status in told))
    (arm,) = selected(fill).arms
    assert arm.topology_source == "a page; the docs"


def test_one_experiment_can_be_asked_for(two_arms: Path) -> None:
    found, _ = select(two_arms, "old")
    # hidden in a report of all, since a later one measured it again
    assert [median.median for median in found.metrics] == [66_666.0]
    assert [arm.label for arm in found.arms] == ["alpha 1.0"]


def test_an_unknown_experiment_is_refused(two_arms: Path) -> None:
    with pytest.raises(
        BenchError, match=r"no measuring trial of experiment 'odl': did you mean 'old'"
    ):
        select(two_arms, "odl")


def test_an_empty_database_says_what_to_type(database: Path) -> None:
    with pytest.raises(StoreError, match="run a bench first"):
        select(database)
    with filling(database) as rows:
        rows.experiment("s", command="selfbench")
        rows.trial("s", "stub")
    with pytest.raises(BenchError, match="no measuring trial: run a bench first"):
        select(database)


def test_resources_over_time_are_those_of_the_samples(selected: Selected) -> None:
    def fill(rows: Rows) -> None:
        rows.experiment("a")
        trial = rows.trial("a", "alpha")
        rows.tasks(trial, 41, 1_000, every_ms=500)
        rows.samples(trial, 20)

    found = selected(fill).resources
    assert len(found) == 2 * 40 - 2  # the first sample has nothing before it, and the load's begin
    cores = {row.role: round(row.cores, 6) for row in found[1:] if row.cores is not None}
    assert cores == {"workers": 0.5, "broker": 0.1}
    assert {row.role: row.pss for row in found} == {"workers": 64, "broker": 16}


def test_completions_are_counted_in_bins_with_the_moments_of_the_fault(selected: Selected) -> None:
    """A silence of 2 s from the fault on: the bins in it are 0, not absent."""

    def fill(rows: Rows) -> None:
        fill_recovery(rows)
        rows.connection.execute("DELETE FROM task_record WHERE end_ns BETWEEN 3e9 AND 5e9")
        rows.tasks(rows.trial("a", "alpha"), 41, 1_000)  # a scenario without a fault

    found = selected(fill).completions
    assert {row.scenario for row in found} == {"recovery"}
    assert len(found) == 2 * 19  # 9.99 s have 19 whole halves of a second
    assert sum(row.rate for row in found) * 9.99 / 19 == pytest.approx(2 * 800, abs=2)
    silent = [row.second for row in found if row.rate == 0]
    assert 3 < min(silent) < max(silent) < 5
    assert {(row.status, row.fault_s, row.well_s) for row in found} == {
        ("ok", 3, 5),
        ("failed", None, None),
    }


def test_lateness_of_the_report_is_that_of_the_scenario(database: Path) -> None:
    """On records in which tasks are lost, fail, and are done twice."""
    rng = np.random.default_rng(5)
    sends, runs = np.zeros(300, SEND_TYPE), np.zeros(900, RUN_TYPE)
    sends["seq"], sends["send"] = np.arange(300), rng.integers(1, 10**9, 300)
    runs["seq"], runs["outcome"] = np.sort(rng.integers(0, 300, 900)), rng.integers(0, 2, 900)
    runs["start"] = np.sort(rng.integers(10**9, 10**11, 900))
    runs["end"] = runs["start"] + 7
    records = Records(sends, runs)
    due = {"delay 5 s": late_delays(records, 5), RETRY: late_retries(records)}
    with open_database(database) as connection:
        rows = Rows(connection)
        rows.experiment("a")
        for point, late in due.items():
            trial = rows.trial("a", "alpha", scenario="scheduling", point=point)
            connection.register("stored", record_table(trial, records))
            connection.execute("INSERT INTO task_record BY NAME SELECT * FROM stored")
            make_tables(connection, [f"report_{name}" for name in TABLES])
            found = connection.execute(
                "SELECT late_ns FROM lateness WHERE trial_id = ? ORDER BY ALL", [trial]
            ).fetchall()
            assert [n for (n,) in found] == sorted(late.tolist())
            assert len(late) > 100
