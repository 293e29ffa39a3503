"""Exports of a small database: what is in the files, what the report promises, what never stays."""

import argparse
import csv
import json
from pathlib import Path
from typing import Any

import pytest

from harness.commands.export import FORMATS
from harness.report.export import files
from harness.store.database import open_database
from harness.store.queries import sql
from infrastructure.errors import BenchError, StoreError, UsageError
from tests.made.exports import exported, fill_export, read
from tests.made.rows import made
from tests.typed import typed


@pytest.fixture(scope="module")
def to_export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Only to be read."""
    return made(tmp_path_factory.mktemp("export"), fill_export)


def analysis(out: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((out / "analysis_report.json").read_text())
    return document


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_holds_the_same_rows(to_export: Path, tmp_path: Path, kind: str) -> None:
    out = exported(to_export, tmp_path / "out", "--format", kind)
    assert sorted(str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()) == sorted(
        ["analysis_report.json"]
        + [f"{name}.{kind}" for name in files.OF_ALL]
        + [
            f"{what}/{s}.{kind}"
            for what in ("trials", "timings")
            for s in ("latency", "throughput")
        ]
    )
    timings = read(out / "timings" / f"latency.{kind}")
    assert len(timings) == 3_000
    assert {r["arm"] for r in timings} == {"alpha 1.0", "beta 1.0"}
    assert [r["end_ns"] - r["intended_ns"] for r in timings[:3]] == [
        1_000_000,
        1_001_000,
        1_002_000,
    ]
    rates = [r for r in read(out / "trials" / f"throughput.{kind}") if r["metric"] == "drain_rate"]
    shown = {r["value"] for r in rates if r["experiment_id"] == "a" and r["status"] == "ok"}
    assert shown == {1_000.0, 1_234.0, 1_500.0, 77_777.0}
    assert {r["purpose"] for r in rates if r["value"] == 77_777.0} == {"py-spy"}
    (faster,) = [r for r in read(out / f"verdicts.{kind}") if r["kind"] == "faster"]
    assert (faster["ratio"], faster["high"]) == (1.2, None)


def test_json_and_csv_need_no_reader_of_ours(to_export: Path, tmp_path: Path) -> None:
    out = exported(to_export, tmp_path / "out", "--format", "json", "--scenario", "throughput")
    assert json.loads((out / "timings" / "throughput.json").read_text()) == []
    assert len(json.loads((out / "verdicts.json").read_text())) == 2
    exported(to_export, out, "--format", "csv")
    with (out / "trials" / "latency.csv").open(newline="") as file:
        starts = {row["started_at"] for row in csv.DictReader(file)}
    assert starts == {"2026-03-01 10:00:00+00"}


def test_a_trial_without_a_metric_is_a_row(to_export: Path, tmp_path: Path) -> None:
    out = exported(to_export, tmp_path / "out", "--format", "parquet")
    failed = [r for r in read(out / "trials" / "throughput.parquet") if r["status"] == "failed"]
    assert [(r["metric"], r["value"], r["reason"]) for r in failed] == [
        (None, None, "the broker died")
    ]


def test_medians_are_over_ok_measuring_trials_of_one_experiment(
    to_export: Path, tmp_path: Path
) -> None:
    document = analysis(exported(to_export, tmp_path / "out"))
    told = ("experiment_id", "latest", "median", "low", "high", "trials")
    assert {
        tuple(row[name] for name in told)
        for row in document["medians"]
        if row["metric"] == "drain_rate" and row["label"] == "alpha 1.0"
    } == {
        ("a", True, 1_234.0, 1_000.0, 1_500.0, 3),
        ("old", False, 66_666.0, 66_666.0, 66_666.0, 1),
    }
    assert {r["metric"] for r in document["medians"] if r["primary"]} == {
        "drain_rate",
        "enqueue_rate",
        "workers_cpu_per_task",
        "sojourn_p50",
    }
    assert "self" not in {r["experiment_id"] for r in document["medians"]}


def test_one_scenario_alone(to_export: Path, tmp_path: Path) -> None:
    out = exported(to_export, tmp_path / "out", "--scenario", "latency")
    document = analysis(out)
    assert document["scenarios"] == ["latency"]
    assert (document["verdicts"], document["change_points"]) == ([], [])
    assert not (out / "trials" / "throughput.csv").exists()


def test_stamps_are_left_out_where_asked(to_export: Path, tmp_path: Path) -> None:
    out = exported(to_export, tmp_path / "out", "--no-timings")
    named = {file["path"] for file in analysis(out)["files"]}
    of_all = {f"{name}.csv" for name in files.OF_ALL}
    assert named == {"trials/latency.csv", "trials/throughput.csv", *of_all}
    assert not (out / "timings").exists()


def test_an_export_that_breaks_off_leaves_nothing_that_looks_whole(
    to_export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = exported(to_export, tmp_path / "out")
    before = (out / "trials" / "latency.csv").read_bytes()
    real = sql
    broken = {"export_timings": "SELECT error('no more ' || $scenario) FROM range(9);"}
    monkeypatch.setattr(files, "sql", lambda name: broken.get(name) or real(name))
    with pytest.raises(BenchError, match=r"broke off: .*no more(?s:.*)name another folder"):
        exported(to_export, out)
    assert not (out / "analysis_report.json").exists()
    assert not list(out.rglob("*.partial"))
    assert (out / "trials" / "latency.csv").read_bytes() == before


def test_a_database_without_what_is_asked(to_export: Path, tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="no trial of recovery; it has: latency, throughput"):
        exported(to_export, tmp_path / "out", "--scenario", "recovery")
    with pytest.raises(StoreError, match="run a bench first"):
        exported(tmp_path / "none.duckdb", tmp_path / "out")
    with open_database(tmp_path / "empty.duckdb"):
        pass
    with pytest.raises(BenchError, match="holds no trial: run a bench first"):
        exported(tmp_path / "empty.duckdb", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "cvs"], "did you mean 'csv'?"),
        (["--scenario", "latancy"], "did you mean 'latency'?"),
        (["--outt", "x"], "did you mean '--out'?"),
        (["--out", __file__], "is a file, expected a folder"),
    ],
)
def test_wrong_words_are_refused(words: list[str], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        typed("export", words)
    assert said in str(refused.value)


def test_defaults_are_the_documented_ones() -> None:
    parsed = typed("export", [])
    assert isinstance(parsed, argparse.Namespace)
    assert (parsed.format, parsed.out, parsed.scenario) == ("csv", Path("results"), None)
