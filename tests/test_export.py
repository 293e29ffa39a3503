"""Exports of a small database: what is in the files, what the report promises, what never stays."""

import argparse
import csv
import json
import re
import time
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import pytest
from rich.console import Console

from harness.commands.export import FORMATS
from harness.prove.selfbench import peak_of
from harness.report import export as exporting
from harness.report.export import export_command, watched
from harness.store.database import open_database
from harness.store.queries import sql, sql_files
from infrastructure.errors import BenchError, StoreError, UsageError
from infrastructure.root import ROOT
from tests.test_report import Rows, compared, fill
from tests.typed import typed

SCHEMA = json.loads((ROOT / "docs" / "analysis_report.schema.json").read_text())
PAGE = (ROOT / "docs" / "exports.md").read_text()


@pytest.fixture
def filled(database: Path) -> Path:
    with open_database(database) as connection:
        rows = Rows(connection)
        fill(rows)
        compared(rows, "series", day=5)
        rows.experiment("self", command="selfbench")
        rows.trial("self", "stub", scenario="throughput", metrics={"probe_cost": 1.0})
        connection.execute("UPDATE verdict SET high = 'inf' WHERE kind = 'faster'")
    return database


def run(database: Path, out: Path, *words: str) -> Path:
    parsed = typed("export", ["--db", str(database), "--out", str(out), *words])
    assert export_command(parsed) == 0
    return out


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a file, as another program reads them."""
    with duckdb.connect() as connection:
        done = connection.execute("SELECT * FROM " + f"'{path}'")
        names = [column[0] for column in done.description or ()]
        return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_holds_the_same_rows(filled: Path, tmp_path: Path, kind: str) -> None:
    out = run(filled, tmp_path / "out", "--format", kind)
    assert sorted(str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()) == sorted(
        ["analysis_report.json", f"verdicts.{kind}"]
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


def test_json_and_csv_need_no_reader_of_ours(filled: Path, tmp_path: Path) -> None:
    out = run(filled, tmp_path / "out", "--format", "json", "--scenario", "throughput")
    assert json.loads((out / "timings" / "throughput.json").read_text()) == []
    assert len(json.loads((out / "verdicts.json").read_text())) == 2
    run(filled, out, "--format", "csv")
    with (out / "trials" / "latency.csv").open(newline="") as file:
        starts = {row["started_at"] for row in csv.DictReader(file)}
    assert starts == {"2026-03-01 10:00:00+00"}


def test_a_trial_without_a_metric_is_a_row(filled: Path, tmp_path: Path) -> None:
    out = run(filled, tmp_path / "out", "--format", "parquet")
    failed = [r for r in read(out / "trials" / "throughput.parquet") if r["status"] == "failed"]
    assert [(r["metric"], r["value"], r["reason"]) for r in failed] == [
        (None, None, "the broker died")
    ]


def test_the_report_fits_its_schema(filled: Path, tmp_path: Path) -> None:
    out = run(filled, tmp_path / "out")
    document = json.loads((out / "analysis_report.json").read_text())
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(document, SCHEMA)
    assert document["schema"] == SCHEMA["$id"] == exporting.SCHEMA
    assert [f["path"] for f in document["files"]][-1] == "verdicts.csv"
    assert all(document[name] for name in SCHEMA["required"])


@pytest.mark.parametrize("name", ["experiments", "arms", "medians", "verdicts", "change_points"])
def test_the_schema_names_every_field(filled: Path, tmp_path: Path, name: str) -> None:
    document = json.loads((run(filled, tmp_path / "out") / "analysis_report.json").read_text())
    named = set(SCHEMA["properties"][name]["items"]["properties"])
    assert {field for row in document[name] for field in row} == named


def test_the_schema_refuses_what_it_does_not_describe(filled: Path, tmp_path: Path) -> None:
    document = json.loads((run(filled, tmp_path / "out") / "analysis_report.json").read_text())
    del document["medians"][0]["median"]
    with pytest.raises(jsonschema.ValidationError, match="'median' is a required property"):
        jsonschema.validate(document, SCHEMA)


def test_medians_are_over_ok_measuring_trials_of_one_experiment(
    filled: Path, tmp_path: Path
) -> None:
    document = json.loads((run(filled, tmp_path / "out") / "analysis_report.json").read_text())
    found = {
        (row["experiment_id"], row["latest"]): (
            row["median"],
            row["low"],
            row["high"],
            row["trials"],
        )
        for row in document["medians"]
        if row["metric"] == "drain_rate" and row["label"] == "alpha 1.0"
    }
    assert found == {
        ("a", True): (1_234.0, 1_000.0, 1_500.0, 3),
        ("old", False): (66_666.0, 66_666.0, 66_666.0, 1),
    }
    assert {r["metric"] for r in document["medians"] if r["primary"]} == {
        "drain_rate", "enqueue_rate", "workers_cpu_per_task", "sojourn_p50",
    }  # fmt: skip
    assert "self" not in {r["experiment_id"] for r in document["medians"]}


def test_selfbench_sees_the_memory_of_an_export_and_its_failure(
    filled: Path, tmp_path: Path
) -> None:
    assert peak_of("export", filled, tmp_path / "out") > 10_000_000
    assert (tmp_path / "out" / "analysis_report.json").exists()
    with pytest.raises(RuntimeError, match=r"the export over .*none\.duckdb failed with"):
        peak_of("export", tmp_path / "none.duckdb", tmp_path / "out")


def test_one_scenario_alone(filled: Path, tmp_path: Path) -> None:
    out = run(filled, tmp_path / "out", "--scenario", "latency")
    document = json.loads((out / "analysis_report.json").read_text())
    assert document["scenarios"] == ["latency"]
    assert (document["verdicts"], document["change_points"]) == ([], [])
    assert not (out / "trials" / "throughput.csv").exists()


def test_an_export_that_breaks_off_leaves_nothing_that_looks_whole(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = run(filled, tmp_path / "out")
    before = (out / "trials" / "latency.csv").read_bytes()
    real = sql
    broken = {"export_timings": "SELECT error('no more ' || $scenario) FROM range(9);"}
    monkeypatch.setattr(exporting, "sql", lambda name: broken.get(name) or real(name))
    with pytest.raises(BenchError, match=r"broke off: .*no more(?s:.*)name another folder"):
        run(filled, out)
    assert not (out / "analysis_report.json").exists()
    assert not list(out.rglob("*.partial"))
    assert (out / "trials" / "latency.csv").read_bytes() == before


def test_a_database_without_what_is_asked(filled: Path, tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="no trial of recovery; it has: latency, throughput"):
        run(filled, tmp_path / "out", "--scenario", "recovery")
    with pytest.raises(StoreError, match="run a bench first"):
        run(tmp_path / "none.duckdb", tmp_path / "out")
    with open_database(tmp_path / "empty.duckdb"):
        pass
    with pytest.raises(BenchError, match="holds no trial: run a bench first"):
        run(tmp_path / "empty.duckdb", tmp_path / "out")
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


def wait_for(console: Console, words: str) -> None:
    """Until another thread has printed them."""
    deadline = time.monotonic() + 30
    while words not in console.export_text(clear=False):
        assert time.monotonic() < deadline, f"{words!r} was not printed within 30 s"
        time.sleep(0.01)


def test_what_takes_long_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    console = Console(record=True, force_terminal=False, quiet=False)
    file = tmp_path / "latency.csv.partial"
    monkeypatch.setattr(exporting, "PATIENCE_S", 0.0)
    with watched(console, file, "timings/latency"):
        wait_for(console, "timings/latency: still writing")
    console.export_text()  # and forget it
    monkeypatch.setattr(exporting, "PATIENCE_S", 60.0)
    with watched(console, file, "verdicts"):
        pass
    assert console.export_text() == ""


def test_on_a_terminal_it_says_how_much_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    console = Console(record=True, force_terminal=True, width=80)
    file = tmp_path / "latency.csv.partial"
    file.write_bytes(bytes(3_000_000))
    monkeypatch.setattr(exporting, "PATIENCE_S", 0.0)
    monkeypatch.setattr(exporting, "STEP_S", 0.02)
    with watched(console, file, "timings/latency"):
        wait_for(console, "3 MB written")


@pytest.mark.parametrize("name", ["trials", "timings", "verdicts"])
def test_the_page_describes_every_column(filled: Path, tmp_path: Path, name: str) -> None:
    out = run(filled, tmp_path / "out", "--format", "parquet")
    file = out / ("verdicts.parquet" if name == "verdicts" else f"{name}/latency.parquet")
    with duckdb.connect() as connection:
        columns = [
            r[0] for r in connection.execute("DESCRIBE SELECT * FROM " + f"'{file}'").fetchall()
        ]
    section = PAGE[PAGE.index(f"\n## {name}") :].split("\n## ")[1]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == columns


def test_every_query_says_its_purpose() -> None:
    for file in (f for n, f in sql_files().items() if n.startswith("export_")):
        assert file.read_text().startswith("-- Purpose: "), file.name


def test_defaults_are_the_documented_ones() -> None:
    parsed = typed("export", [])
    assert isinstance(parsed, argparse.Namespace)
    assert (parsed.format, parsed.out, parsed.scenario) == ("csv", Path("results"), None)
