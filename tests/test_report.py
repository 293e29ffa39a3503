"""The report of a small database with known rows: what is on the page, and what must not be."""

import argparse
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.records import Records
from harness.report import report
from harness.report.charts.charts import number, steps
from harness.report.overview import square
from harness.store.database import open_database
from harness.store.queries import select, sql, sql_files
from harness.trial.records import record_table
from infrastructure.errors import BenchError, StoreError
from scenarios.scheduling import RETRY, late_delays, late_retries

VOID = {"meta", "br", "img", "link", "hr", "input"}
UNITS = {"rate": "tasks/s", "makespan": "s", "task": "us", "peak": "bytes"}


class Page(HTMLParser):
    """Balanced tags, ids, and every address that a browser would follow or load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: Counter[str] = Counter()
        self.addresses: list[str] = []
        self.tags: Counter[str] = Counter()
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        for name, value in attrs:
            if name == "id":
                self.ids[value or ""] += 1
            if name in {"src", "href", "xlink:href", "srcset", "data"}:
                self.addresses.append(value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


class Rows:
    """Writes rows of known content."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.position = 0

    def insert(self, table: str, **row: Any) -> None:
        marks = ", ".join("?" for _ in row)
        self.connection.execute(
            f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values())
        )

    def experiment(self, name: str, day: int = 1, **changed: Any) -> None:
        row = {
            "experiment_id": name,
            "created_at": f"2026-03-{day:02} 10:00:00+00",
            "command": "bench",
            "size": "full",
            "factor": "none",
            "seed": 7,
            "options": "{}",
            "harness_version": "0.1",
            "harness_commit": "abc1234",
        }
        self.insert("experiment", **(row | changed))

    def trial(self, experiment: str, framework: str, **changed: Any) -> str:
        """A throughput trial, or one of the changed fields; ``metrics`` are its metrics."""
        self.position += 1
        metrics: dict[str, float] = changed.pop("metrics", {})
        row = {
            "trial_id": f"{experiment}-{self.position:03}",
            "experiment_id": experiment,
            "block": 1,
            "position": self.position,
            "arm_number": 1,
            "variant": "",
            "scenario": "throughput",
            "point": "",
            "point_number": 1,
            "framework": framework,
            "framework_version": "1.0",
            "python_version": "3.12.1",
            "broker": "redis",
            "provider": "embedded",
            "broker_version": "valkey 9",
            "broker_config_hash": "c0ffee",
            "topology_profile": "matched",
            "topology_source": "the docs",
            "processes": 2,
            "concurrency": 4,
            "prefetch": 8,
            "acks": "late",
            "purpose": "measure",
            "seed": 1,
            "workload_hash": "w",
            "lock_hash": "l",
            "status": "ok",
            "started_at": "2026-03-01 10:00:00+00",
        } | changed
        self.insert("trial", **row)
        trial = str(row["trial_id"])
        for name, value in metrics.items():
            unit = next((u for end, u in UNITS.items() if name.endswith(end)), "ms")
            self.insert("metric", trial_id=trial, name=name, value=value, unit=unit)
        self.insert("environment", trial_id=trial, name="cpu_model", value="Imaginary 9000")
        self.insert("environment", trial_id=trial, name="kernel", value=f"6.1-{framework}")
        self.insert("environment", trial_id=trial, name="foreign_cpu_percent", value="1.5")
        return trial

    def tasks(self, trial: str, count: int, sojourn_us: int, every_ms: int = 1) -> None:
        """Evenly spaced tasks; the i-th takes ``sojourn_us`` and i µs more."""
        self.connection.execute(
            "INSERT INTO task_record SELECT ?, i, 1, 'noop', due, due + 10000, due + 60000, "
            "due + 70000, due + (? + i) * 1000, 1, 'ok' FROM "
            "(SELECT i, i * ? * 1000000 AS due FROM range(?) r(i))",
            [trial, sojourn_us, every_ms, count],
        )

    def samples(self, trial: str, seconds: int) -> None:
        """Five samples a second of depth (9 tasks), two of CPU and memory:
        workers take half a core and 64 MiB, the broker a tenth and 16 MiB.
        """
        self.connection.execute(
            "INSERT INTO depth_sample SELECT ?, i * 200000000, 8, 1, 0 FROM range(?) r(i)",
            [trial, 5 * seconds],
        )
        for role, cores, mib in (("workers", 0.5, 64), ("broker", 0.1, 16)):
            self.connection.execute(
                "INSERT INTO resource_sample SELECT ?, i * 500000000, ?, 1, i * 0.5 * ?, "
                "? * 1048576, ? * 1048576 FROM range(?) r(i)",
                [trial, role, cores, mib, mib, 2 * seconds],
            )


def asked(database: Path, out: Path, experiment: str | None = None) -> argparse.Namespace:
    """The options of a report."""
    return argparse.Namespace(db=database, out=out, experiment=experiment)


def write_report(database: Path, out: Path, experiment: str | None = None) -> None:
    assert report.report_command(asked(database, out, experiment)) == 0


def fill(rows: Rows) -> None:
    """Two arms: alpha with spread, an invalid and a failed trial; beta with one trial of each."""
    rows.experiment("old", day=1)
    rows.experiment("a", day=2)
    rows.experiment("b", day=3, size="quick")
    rows.trial("old", "alpha", metrics={"drain_rate": 66_666.0})
    for rate in (1_000.0, 1_234.0, 1_500.0):
        rows.trial(
            "a",
            "alpha",
            metrics={
                "drain_rate": rate,
                "enqueue_rate": 5_000.0,
                "workers_cpu_per_task": rate / 10,
                "workers_pss_peak": 64 * 1_048_576.0,
            },
        )
    rows.trial(
        "a",
        "alpha",
        status="invalid",
        reason="lost 3 <tasks> & more",
        metrics={"drain_rate": 99_999.0},
    )
    rows.trial("a", "alpha", status="failed", reason="the broker died")
    rows.trial("a", "alpha", purpose="py-spy", metrics={"drain_rate": 77_777.0})
    rows.trial("b", "beta", metrics={"drain_rate": 321.0}, remarks="steal percent 3 exceeds 2")
    fill_latency(rows)


def fill_latency(rows: Rows) -> None:
    for arm, experiment, capacity in (("alpha", "a", 1_000.0), ("beta", "b", 400.0)):
        point = {"scenario": "latency", "point": "load 0.5", "load_fraction": 0.5,
                 "capacity": capacity}  # fmt: skip
        trial = rows.trial(
            experiment, arm, **point, metrics={"sojourn_p50": 1.75, "sojourn_p90": 2.35}
        )
        rows.tasks(trial, 1_500, 1_000)
        for at_ns, pending in ((1_000_000, 5), (500_000_000, 9), (900_000_000, 2)):
            rows.insert(
                "depth_sample", trial_id=trial, at_ns=at_ns, pending=pending, in_flight=1, delayed=0
            )
        overload = {
            **point,
            "point": "load 0.7",
            "point_number": 2,
            "load_fraction": 0.7,
            "status": "invalid",
        }
        rows.trial(experiment, arm, **overload, reason="unstable, latency undefined")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a report on the known rows."""
    folder = tmp_path_factory.mktemp("report")
    profile = folder / "profiles" / "py spy.svg"
    profile.parent.mkdir()
    profile.write_text("<svg/>")
    with open_database(folder / "r.duckdb") as connection:
        rows = Rows(connection)
        fill(rows)
        passed = connection.execute(
            "SELECT trial_id FROM trial WHERE purpose = 'py-spy'"
        ).fetchall()[0][0]
        rows.insert(
            "profile",
            trial_id=passed,
            tool="py-spy",
            status="ok",
            files='["profiles/py spy.svg", "profiles/gone.svg"]',
        )
        for frames, value in (("main (m.py:1);work (w.py:2)", 30), ("main (m.py:1)", 10)):
            rows.insert(
                "stack", trial_id=passed, tool="py-spy", frames=frames, value=value, unit="samples"
            )
        rows.insert("setting", trial_id=passed, name="pool", asked='"prefork"', effective='"solo"')
        rows.insert("setting", trial_id=passed, name="acks", asked='"late"')
    write_report(folder / "r.duckdb", folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def page(out: Path) -> Page:
    return Page((out / "index.html").read_text())


def between(text: str, begin: str, end: str) -> str:
    return text[text.index(begin) : text.index(end, text.index(begin))]


def test_medians_and_ranges_are_over_ok_measuring_trials(page: Page) -> None:
    row = between(page.text, "alpha 1.0 1,234", "beta 1.0 321")
    assert row.startswith("alpha 1.0 1,234 1,000 – 1,500 5,000 5,000 – 5,000 3 of 5 ok")
    assert "1 invalid, 1 failed: lost 3 <tasks> & more" in row


def test_figures_of_other_trials_are_nowhere(out: Path) -> None:
    text = (out / "index.html").read_text()
    for excluded in ("99,999", "77,777", "66,666"):
        assert excluded not in text


def test_one_trial_has_no_range(page: Page) -> None:
    assert "beta 1.0 321 — 1 of 1 ok one trial" in page.text


def test_reasons_and_remarks_are_given(page: Page) -> None:
    validity = page.text[page.text.index("Trials that are not ok, and feed no figure") :]
    assert "measure failed the broker died" in validity
    assert "measure invalid lost 3 <tasks> & more" in validity
    assert "steal percent 3 exceeds 2" in validity


def test_a_load_without_a_valid_trial_has_no_figure(page: Page) -> None:
    assert (
        "load 0.7 700 alpha 1.0 no valid trial: unstable, latency undefined 0 of 1 ok" in page.text
    )


def test_it_says_that_it_is_no_verdict(page: Page) -> None:
    assert "A description, not a verdict" in page.text
    assert "52–66 % false alarms" in page.text.replace("\xa0", " ")
    assert "Quick size decides nothing. 1 of 2 experiments" in page.text


def test_different_absolute_loads_are_said(page: Page) -> None:
    assert "Not the same load." in page.text
    assert (
        "beta 1.0: 200, 280 tasks/s at load 0.5, load 0.7 of its capacity of 400 tasks/s"
        in page.text
    )


def test_the_latest_experiment_is_shown_and_others_are_listed(page: Page) -> None:
    experiments = between(page.text, "Experiments SQL: experiments", "Machine")
    assert "old 2026-03-01 10:00 alpha 1.0 full 7 abc1234 1 of 1 — throughput" in experiments
    assert "a 2026-03-02 10:00 alpha 1.0 full 7 abc1234 4 of 7 latency, throughput —" in experiments


def test_differences_between_surroundings_are_named(page: Page) -> None:
    differences = between(page.text, "Differences between the arms", "METHOD, section 8")
    assert "kernel alpha 1.0 6.1-alpha kernel beta 1.0 6.1-beta" in differences
    assert "size alpha 1.0 full size beta 1.0 quick" in differences
    assert "Imaginary 9000" not in differences


def test_settings_that_differ_are_named(page: Page) -> None:
    settings = page.text[page.text.index("Settings: asked against read back") :]
    assert "1 readings differ, 1 were not read back" in settings
    assert 'pool "prefork" "solo" 1' in settings
    assert 'acks "late" not read back 1' in settings


def test_profiles_are_listed_and_linked(page: Page) -> None:
    assert "work (w.py) 30 75.0%" in page.text
    assert "../profiles/py%20spy.svg" in page.addresses
    assert not [a for a in page.addresses if "gone" in a]


def test_the_page_loads_nothing(out: Path, page: Page) -> None:
    icon = "data:,"  # without one a browser asks for /favicon.ico
    assert page.addresses[0] == icon
    assert page.tags["link"] == 1
    assert not [a for a in page.addresses[1:] if re.match(r"\s*(\w+:|//)", a)]
    assert not {"img", "iframe", "object"} & set(page.tags)
    assert not re.search(r"url\([^#]|@import", (out / "index.html").read_text())


def test_the_page_is_well_formed(page: Page) -> None:
    assert page.open == []
    assert [i for i, n in page.ids.items() if n > 1] == []
    anchors = [a[1:] for a in page.addresses if a.startswith("#")]
    assert set(anchors) <= set(page.ids)
    assert page.tags["h1"] == page.tags["main"] == 1
    assert page.tags["caption"] == page.tags["table"]


def test_charts_have_words_and_no_fixed_ink(out: Path) -> None:
    text = (out / "index.html").read_text()
    shapes, *drawings = re.findall(r"<svg .*?</svg>", text, re.DOTALL)
    assert 'aria-hidden="true"' in shapes
    assert len(drawings) >= 6
    assert all('role="img" aria-label="' in d for d in drawings)
    sizes = [float(s) for s in re.findall(r"svg \.s\d+{[^}]*font-size: ([\d.]+)px", text)]
    assert sizes
    assert min(sizes) >= 11
    assert "#1b1d20" not in "".join(drawings)


@pytest.mark.parametrize("name", sorted(set(report.DRAWINGS) - {report.HISTORY, report.DRIVERS}))
def test_drawings_stand_beside_the_page(out: Path, name: str) -> None:
    assert (out / f"{name}.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert "<svg" in (out / f"{name}.svg").read_text()
    page = (out / "index.html").read_text()
    assert f'href="{name}.png"' in page
    assert f'href="{name}.svg"' in page


def test_quantiles_of_the_distribution_are_taken_within_trials(tmp_path: Path) -> None:
    with open_database(tmp_path / "r.duckdb") as connection:
        fill(Rows(connection))
    found = report.read_facts(tmp_path / "r.duckdb")["distribution"]
    curve = {r["slower"]: r["median"] for r in found if r["arm"] == 1}
    assert curve[0.5] == pytest.approx(1.0 + 0.7495)
    assert min(curve) == 0.007  # 1,500 tasks: 10 beyond p99.3, fewer beyond p99.5


def test_scenarios_without_a_file_or_a_valid_trial_are_shown(tmp_path: Path) -> None:
    with open_database(tmp_path / "r.duckdb") as connection:
        rows = Rows(connection)
        rows.experiment("a")
        rows.trial("a", "alpha", scenario="bygone", status="failed", reason="no worker came up")
    out = tmp_path / "out"
    out.mkdir()
    (out / "resource_usage.png").write_text("of an earlier report")
    write_report(tmp_path / "r.duckdb", out)
    page = Page((out / "index.html").read_text())
    assert "alpha 1.0 no valid trial: no worker came up 0 of 1 ok" in page.text
    assert [p.name for p in out.iterdir()] == ["index.html"]


def test_an_empty_database_says_what_to_type(tmp_path: Path) -> None:
    options = asked(tmp_path / "r.duckdb", tmp_path / "out")
    with pytest.raises(StoreError, match="run a bench first"):
        report.report_command(options)
    with open_database(tmp_path / "r.duckdb") as connection:
        rows = Rows(connection)
        rows.experiment("s", command="selfbench")
        rows.trial("s", "stub")
    with pytest.raises(BenchError, match="no measuring trial: run a bench first"):
        report.report_command(options)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with open_database(tmp_path / "r.duckdb") as connection:
        fill(Rows(connection))
    (tmp_path / "file").write_text("")
    with pytest.raises(BenchError, match="name another folder with --out"):
        write_report(tmp_path / "r.duckdb", tmp_path / "file")


def test_arms_are_told_apart_by_what_differs(tmp_path: Path) -> None:
    with open_database(tmp_path / "r.duckdb") as connection:
        rows = Rows(connection)
        rows.experiment("a")
        for version in ("1.10", "1.9"):
            for python in ("3.12.1", "3.13.0"):
                rows.trial("a", "alpha", framework_version=version, python_version=python)
    arms = report.read_facts(tmp_path / "r.duckdb")["arms"]
    assert [a["label"] for a in arms][:3] == [
        "alpha 1.9 · Python 3.12.1",
        "alpha 1.9 · Python 3.13.0",
        "alpha 1.10 · Python 3.12.1",
    ]


def test_a_provider_is_named_only_where_it_tells_arms_apart(tmp_path: Path) -> None:
    with open_database(tmp_path / "r.duckdb") as connection:
        rows = Rows(connection)
        rows.experiment("a")
        rows.trial("a", "alpha")
        rows.trial("a", "alpha", broker="mysql", provider="native")

    def labels() -> list[str]:
        return [a["label"] for a in report.read_facts(tmp_path / "r.duckdb")["arms"]]

    assert labels() == ["alpha 1.0 · mysql", "alpha 1.0 · redis"]
    with open_database(tmp_path / "r.duckdb") as connection:
        Rows(connection).trial("a", "alpha", trial_id="more", provider="native")
    assert labels() == ["alpha 1.0 · mysql · native", "alpha 1.0 · redis · embedded",
                        "alpha 1.0 · redis · native"]  # fmt: skip


def test_every_query_says_its_purpose() -> None:
    files = [f for n, f in sql_files().items() if n.startswith("report_")]
    assert {f.stem for f in files} == {f"report_{n}" for n in (*report.SELECTION, *report.QUERIES)}
    for file in files:
        assert file.read_text().startswith("-- Purpose: "), file.name


def test_texts_are_joined_in_an_order_that_is_said() -> None:
    """Without one DuckDB joins them as its threads come, and a page changes from run to run."""
    inside = r"string_agg(\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))"
    found = [text for f in sql_files().values() for text in re.findall(inside, f.read_text())]
    assert len(found) == sum(f.read_text().count("string_agg(") for f in sql_files().values()) > 0
    assert [text for text in found if "ORDER BY" not in text] == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (1234.5, "1,234"),
        (99.96, "100"),
        (12.34, "12.3"),
        (1.234, "1.23"),
        (0.1234, "0.123"),
        (0.01234, "0.012"),
        (0.00001, "< 0.0001"),
        (-5.678, "-5.68"),
    ],
)
def test_figures_have_three_digits(value: float, shown: str) -> None:
    assert number(value) == shown


def test_a_log_axis_ends_at_round_figures() -> None:
    assert steps(1.2, 40) == (1, 50)
    assert steps(5, 5) == (5, 10)


def test_missed_aims_of_the_harness_stand_beside_the_results(tmp_path: Path) -> None:
    with open_database(tmp_path / "r.duckdb") as connection:
        rows = Rows(connection)
        fill(rows)
        rows.experiment("s", command="selfbench")
        found = {"scenario": "selfbench", "purpose": "selfbench"}
        costly = rows.trial("s", "stub", **found, remarks="observer_effect_alpha: 4 %, aim ≤ 2")
        rows.insert("metric", trial_id=costly, name="observer_effect_alpha", value=4.0, unit="%")
    out = tmp_path / "out"
    write_report(tmp_path / "r.duckdb", out)
    text = Page((out / "index.html").read_text()).text
    assert "Aims missed on this machine" in text
    assert "observer_effect_alpha: 4 %, aim ≤ 2" in text


def test_without_a_selfbench_the_page_says_how_to_make_one(page: Page) -> None:
    assert "nox -s selfbench says what the probe costs" in page.text


def test_verdicts_stand_first_and_the_latest_of_a_pair_counts(tmp_path: Path) -> None:
    with open_database(tmp_path / "r.duckdb") as connection:
        rows = Rows(connection)
        fill(rows)
        for day, kind, ratio in ((1, "slower", 0.8), (2, "equivalent", 1.01)):
            name = f"c{day}"
            rows.experiment(name, day, command="compare", factor="version")
            rows.insert(
                "verdict", experiment_id=name, scenario="throughput", point="", point_number=1,
            metric="drain_rate",
                baseline_arm=1, candidate_arm=2, baseline="alpha 1.0", candidate="alpha 2.0",
                kind=kind, margin=0.05, ratio=ratio, low=ratio - 0.01, high=ratio + 0.01, n=10,
                sentence=f"The sentence of day {day}.",
            )  # fmt: skip
    out = tmp_path / "out"
    write_report(tmp_path / "r.duckdb", out)
    text = Page((out / "index.html").read_text()).text
    assert "The sentence of day 2." in text
    assert "The sentence of day 1." not in text
    assert "Only the verdicts above compare arms" in text
    assert text.index("Verdicts") < text.index("What was run, and where")


def test_verdicts_about_cpu_lead_to_the_flamegraphs_of_both_arms(tmp_path: Path) -> None:
    with open_database(tmp_path / "r.duckdb") as connection:
        rows = Rows(connection)
        rows.experiment("c", command="compare", factor="version")
        rows.experiment("p")
        passes = []
        for arm, version in ((1, "1.0"), (2, "2.0")):
            found = {"drain_rate": 100.0 * arm}
            rows.trial("c", "alpha", framework_version=version, arm_number=arm, metrics=found)
            passes.append(rows.trial("p", "alpha", framework_version=version, purpose="py-spy"))
            for function, value in (("f", 5), ("g", 5 * arm)):
                rows.insert("stack", trial_id=passes[-1], tool="py-spy", unit="samples",
                            frames=f"{function} (m.py:1)", value=value)  # fmt: skip
        for metric, kind in (("drain_rate", "slower"), ("workers_cpu_per_task", "slower"),
                             ("broker_cpu_per_task", "equivalent")):  # fmt: skip
            rows.insert(
                "verdict", experiment_id="c", scenario="throughput", point="", point_number=1,
                metric=metric, baseline_arm=1, candidate_arm=2, baseline="alpha 1.0",
                candidate="alpha 2.0", kind=kind, margin=0.05, ratio=2.0, low=1.9, high=2.1,
                n=10, sentence="It is.",
            )  # fmt: skip
    out = tmp_path / "out"
    write_report(tmp_path / "r.duckdb", out)
    text = (out / "index.html").read_text()
    matrix = between(text, 'class="wide matrix"', "</table>")
    assert re.findall(r'<td class="n ?(\w*)" data-every="(\d)"', matrix) == [
        ("", "1"),
        ("slower", "2"),
    ]
    assert "▼</span> 200</b><small>worse against alpha 1.0" in matrix
    typed = f"nox -s flamegraph -- {' '.join(passes)}"
    told = f"What it goes to: {typed} . Grew most, in points of the samples: g (m.py) +16.7."
    page = Page(text)
    assert page.text.count(typed) == 1  # not beside the verdict that nothing grew
    row = between(page.text, "workers_cpu_per_task", told)
    assert "slower . It is. experiment c" in row
    name = f"flamegraph-{'-'.join(passes)}.html"
    (out / name).write_text("made meanwhile")
    write_report(tmp_path / "r.duckdb", out)
    assert name in Page((out / "index.html").read_text()).addresses


def test_a_verdict_of_another_experiment_than_the_median_says_so(
    database: Path, tmp_path: Path
) -> None:
    with open_database(database) as connection:
        rows = Rows(connection)
        compared(rows, "series-1")
        rows.experiment("later", day=2)
        rows.trial("later", "celery", framework_version="5.3", metrics={"drain_rate": 7.0})
    write_report(database, tmp_path / "out")
    matrix = between((tmp_path / "out" / "index.html").read_text(), "wide matrix", "</table>")
    assert "better against celery 5.2, in experiment series-1<" in matrix
    assert "no difference against celery 5.1<" in matrix
    text = Page((tmp_path / "out" / "index.html").read_text()).text
    assert "△ better, size uncertain; ▽ worse, size uncertain; ? cannot tell; ! invalid" in text


def test_arms_of_one_interleaved_experiment_are_not_said_to_be_alone(
    database: Path, tmp_path: Path
) -> None:
    with open_database(database) as connection:
        compared(Rows(connection), "series-1")
    page = written(database, tmp_path / "out")
    assert "measured interleaved with others" in page.text
    assert "measured alone" not in page.text
    drawn = (tmp_path / "out" / "throughput_comparison.svg").read_text()
    assert report.INTERLEAVED in drawn
    with open_database(database) as connection:
        rows = Rows(connection)
        rows.experiment("later", day=2)
        rows.trial("later", "celery", framework_version="5.3", metrics={"drain_rate": 7.0})
    assert "arm was measured alone" in written(database, tmp_path / "out").text
    assert report.CAVEAT in (tmp_path / "out" / "throughput_comparison.svg").read_text()


def test_figures_lead_to_their_queries(page: Page) -> None:
    named = {a.removeprefix("#query-") for a in page.addresses if a.startswith("#query-")}
    assert {"metrics", "points", "depth", "distribution", "arms", "states", "not_ok"} <= named
    for name in (*report.SELECTION, *report.QUERIES):
        assert page.ids[f"query-{name}"] == 1
        assert "".join(sql(f"report_{name}").split()) in "".join(page.text.split())


def test_cpu_memory_and_depth_over_time_are_those_of_the_samples(
    database: Path, tmp_path: Path
) -> None:
    with open_database(database) as connection:
        rows = Rows(connection)
        rows.experiment("a")
        for number in range(1, 6):
            trial = rows.trial("a", "alpha", scenario="serialization", point=f"form {number}",
                               point_number=number, metrics={"drain_rate": 5.0})  # fmt: skip
            rows.tasks(trial, 41, 1_000, every_ms=500)
            rows.samples(trial, 20)
    found = [r for r in report.read_facts(database)["resources"] if r["point"] == "form 1"]
    assert len(found) == 2 * 40 - 2  # the first sample has nothing before it, and the load's begin
    assert {r["role"]: round(r["cores"], 6) for r in found[1:]} == {"workers": 0.5, "broker": 0.1}
    assert {r["role"]: r["pss"] for r in found} == {"workers": 64, "broker": 16}
    write_report(database, tmp_path / "out")
    text = (tmp_path / "out" / "index.html").read_text()
    said = "cores: alpha 1.0 up to 0.500, at the end 0.500"
    assert f'aria-label="CPU, workers over time, CPU, workers: Form 1, {said}"' in text
    assert "Tasks at the broker over time, Form 3, tasks: alpha 1.0 up to 9.00, at the end" in text
    assert text.count('aria-label="Memory (PSS), workers over time') == report.MOST_TIMES
    assert "Loads that are not drawn: 2." in text


def test_completions_are_drawn_with_the_fault_and_the_recovery(
    database: Path, tmp_path: Path
) -> None:
    """100 tasks a second, a silence of 2 s from the fault on: the bins in it are 0, not absent."""
    with open_database(database) as connection:
        rows = Rows(connection)
        rows.experiment("a")
        for status, metrics in (
            ("ok", {"fault_after": 3.0, "time_to_recover": 2.0}),
            ("failed", {}),
        ):
            trial = rows.trial("a", "alpha", scenario="recovery", point="broker paused",
                               status=status, metrics=metrics)  # fmt: skip
            rows.tasks(trial, 1_000, 70, every_ms=10)
        connection.execute("DELETE FROM task_record WHERE end_ns BETWEEN 3e9 AND 5e9")
        rows.tasks(rows.trial("a", "alpha"), 41, 1_000)  # a scenario without a fault
    found = report.read_facts(database)["completions"]
    assert {r["scenario"] for r in found} == {"recovery"}
    assert len(found) == 2 * 19  # 9.99 s have 19 whole halves of a second
    assert sum(r["rate"] for r in found) * 9.99 / 19 == pytest.approx(2 * 800, abs=2)
    silent = [r["second"] for r in found if r["rate"] == 0]
    assert 3 < min(silent) < max(silent) < 5
    assert {(r["status"], r["fault_s"], r["well_s"]) for r in found} == {
        ("ok", 3, 5), ("failed", None, None)
    }  # fmt: skip
    write_report(database, tmp_path / "out")
    text = (tmp_path / "out" / "index.html").read_text()
    assert "Tasks completed over time, Broker paused, tasks/s: alpha 1.0 up to 10" in text
    # The upright and the mark above are one group, and the trial that knows neither has none.
    assert text.count("<title>alpha 1.0: fault after 3.00 s, well again at 5.00 s</title>") == 1


def test_lateness_is_drawn_and_what_was_early_is_said(database: Path, tmp_path: Path) -> None:
    """1,000 delayed tasks are late by -2 … 997 ms; 40 others fail twice and are tried again."""
    with open_database(database) as connection:
        rows = Rows(connection)
        rows.experiment("a")
        of = {"scenario": "scheduling"}
        delayed = rows.trial("a", "alpha", **of, point="delay 1 s")
        rows.tasks(delayed, 1_000, 2_000_000, every_ms=20)
        set_start = "UPDATE task_record SET start_ns = send_ns + 1000000000 + (seq - 2) * 1000000"
        connection.execute(set_start)
        retried = rows.trial("a", "alpha", **of, point="retry after 1 s, then 2 s", point_number=2)
        for attempt, begins_ms, outcome in (
            (1, 0, "failed"),
            (2, 1_005, "failed"),
            (3, 3_011, "ok"),
        ):
            connection.execute(
                "INSERT INTO task_record SELECT ?, i, ?, 'flaky', 0, 0, 0, ?, ?, 1, ? "
                "FROM range(40) r(i)",
                [retried, attempt, begins_ms * 10**6, (begins_ms + 1) * 10**6, outcome],
            )
        for number in (1, 5):
            void = rows.trial("a", "beta", **of, point=f"delay {number} s", point_number=number,
                              status="invalid", reason="early")  # fmt: skip
            rows.tasks(void, 10, 999_000)
    facts = report.read_facts(database)
    curve = {(r["point"], r["slower"]): r["median"] for r in facts["distribution"]}
    assert curve["delay 1 s", 0.5] == pytest.approx(497.5)
    assert curve["retry after 1 s, then 2 s", 0.5] == pytest.approx(4.5)  # 4 ms, then 5 ms
    last = dict(curve.keys())  # 10 beyond, of 1,000 and of 80
    assert last == {"delay 1 s": 0.01, "retry after 1 s, then 2 s": 0.15}
    page = written(database, tmp_path / "out")
    assert "Early: alpha 1.0 2 of 1,000 starts, by up to 2.00 ms; beta 1.0 10 of 10" in page.text
    assert "No valid trial, so no curve: beta 1.0." in page.text
    assert "No start was early." in page.text
    assert "Delay 5 s has no valid trial with enough starts, so no curve. Early: beta" in page.text


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
            select(connection, [f"report_{name}" for name in report.SELECTION])
            found = connection.execute(
                "SELECT late_ns FROM lateness WHERE trial_id = ? ORDER BY ALL", [trial]
            ).fetchall()
            assert [n for (n,) in found] == sorted(late.tolist())
            assert len(late) > 100


def test_locks_and_packages_that_differ_are_named(database: Path, tmp_path: Path) -> None:
    with open_database(database) as connection:
        rows = Rows(connection)
        rows.experiment("a")
        for framework, kombu in (("alpha", "5.1"), ("beta", "5.2")):
            rows.trial("a", framework, lock_hash=f"lock of {framework}")
            for name, version in (("kombu", kombu), ("redis", "7.0"), (framework, "1.0")):
                rows.insert("package", experiment_id="a", framework=framework,
                            framework_version="1.0", python_version="3.12.1", name=name,
                            version=version)  # fmt: skip
    page = written(database, tmp_path / "out")
    assert "lock file alpha 1.0 lock of alph lock file beta 1.0 lock of beta" in page.text
    table = between(page.text, "Packages that arms have in different versions", "3 packages")
    assert "Package Arm Version kombu alpha 1.0 5.1 kombu beta 1.0 5.2 alpha 1.0" in table


def test_one_experiment_can_be_asked_for(tmp_path: Path) -> None:
    with open_database(tmp_path / "r.duckdb") as connection:
        fill(Rows(connection))
    write_report(tmp_path / "r.duckdb", tmp_path / "out", "old")
    page = Page((tmp_path / "out" / "index.html").read_text())
    assert "66,666" in page.text  # hidden in a report of all, since a later one measured it again
    assert "beta" not in page.text
    assert "1,234" not in page.text


def test_an_unknown_experiment_is_refused(tmp_path: Path) -> None:
    with open_database(tmp_path / "r.duckdb") as connection:
        fill(Rows(connection))
    with pytest.raises(
        BenchError, match=r"no measuring trial of experiment 'odl': did you mean 'old'"
    ):
        report.report_command(asked(tmp_path / "r.duckdb", tmp_path / "out", "odl"))
    assert not (tmp_path / "out").exists()


# ── Interleaved experiments ──────────────────────────────────────────────────────────────────


def compared(rows: Rows, name: str, *, day: int = 1, **changed: Any) -> None:
    """A series of three versions, six blocks, with a step of 1.5 after the second."""
    rows.experiment(name, day, command="regress", factor="version")
    for block in range(1, 7):
        for arm, level in enumerate((100.0, 101.0, 150.0), 1):
            metrics = {"drain_rate": level + block}
            trial = rows.trial(name, "celery", framework_version=f"5.{arm}", arm_number=arm,
                               block=block, metrics=metrics, **changed)  # fmt: skip
            for field, value in (("calibration_cpu_ms", 5 + block / 10),
                                 ("calibration_round_trip_us", 300.0)):  # fmt: skip
                rows.insert("environment", trial_id=trial, name=field, value=str(value))
    rows.trial(name, "celery", purpose="broken", block=3, framework_version="5.1", **changed)
    for arm, kind in ((1, "equivalent"), (2, "faster")):
        rows.insert(
            "verdict", experiment_id=name, scenario="throughput", point="", point_number=1,
            metric="drain_rate",
            baseline_arm=arm, candidate_arm=arm + 1, baseline=f"celery 5.{arm}",
            candidate=f"celery 5.{arm + 1}", kind=kind, margin=0.05, ratio=1.2, low=1.1, high=1.3,
            n=6, sentence=f"{name} says {kind}.",
        )  # fmt: skip
    rows.insert(
        "change_point", experiment_id=name, scenario="throughput", point="", point_number=1,
        metric="drain_rate",
        before_arm=2, after_arm=3, before="celery 5.2", after="celery 5.3", ratio=1.47, p=0.001,
        sentence="Candidate change point, ±1 version, between 5.2 and 5.3.",
    )  # fmt: skip


def written(database: Path, out: Path) -> Page:
    write_report(database, out)
    return Page((out / "index.html").read_text())


def test_a_series_is_drawn_with_its_candidates_blocks_and_noise(
    database: Path, tmp_path: Path
) -> None:
    with open_database(database) as connection:
        compared(Rows(connection), "series-1")
        connection.execute(  # one that only drifted still stands behind the verdict
            "UPDATE trial SET status = 'invalid', reason = 'no steady state: it drifted' "
            "WHERE block = 2 AND arm_number = 1 AND purpose = 'measure'"
        )
    page = written(database, tmp_path / "out")
    assert (tmp_path / "out" / "version_history.png").exists()
    assert "How to read a verdict" in page.text
    assert "6 of 6 blocks have the higher value in celery 5.2" in page.text
    assert "Candidate change point, ±1 version, between 5.2 and 5.3." in page.text
    assert "× 1.47" in page.text
    assert "drain_rate 1.8 %" in page.text  # of the slowest version's six blocks
    # five tenths of a range of 5.1 to 5.6 around 5.35
    assert "CPU loop 9.3 %, round trip 0.0 % (over 5 %" in page.text.replace("\xa0", " ")


def test_a_later_experiment_on_another_python_hides_no_verdict(
    database: Path, tmp_path: Path
) -> None:
    with open_database(database) as connection:
        compared(Rows(connection), "old")
        compared(Rows(connection), "new", day=2)
        compared(Rows(connection), "other", day=3, python_version="3.13.0")
    page = written(database, tmp_path / "out")
    assert "new says faster." in page.text
    assert "other says faster." in page.text
    assert "old says faster." not in page.text


def test_the_proof_is_shown_missed_checks_first(database: Path, tmp_path: Path) -> None:
    with open_database(database) as connection:
        rows = Rows(connection)
        compared(rows, "series-1")
        rows.experiment("proved", command="validate")
        for position, passed in ((1, True), (2, False)):
            rows.insert(
                "proof", experiment_id="proved", position=position, name=f"check {position}",
                found=3.0, unit="faults", bar=0.0, at_most=True, passed=passed, seconds=2.0,
                sentence="what was done",
            )  # fmt: skip
    page = written(database, tmp_path / "out")
    assert "1 of 2 checks passed" in page.text
    assert "Missed: check 2." in page.text
    assert page.text.rindex("check 2") < page.text.rindex("check 1")


def test_without_a_proof_the_page_says_how_to_get_one(database: Path, tmp_path: Path) -> None:
    with open_database(database) as connection:
        compared(Rows(connection), "series-1")
    assert "Not run in this file: nox -s validate" in written(database, tmp_path / "out").text


def test_a_search_is_drawn_with_its_bracket(database: Path, tmp_path: Path) -> None:
    """Two of three votes decide a rate; one above a failing rate that holds by luck does not."""
    with open_database(database) as connection:
        rows = Rows(connection)
        rows.experiment("searched")
        votes = {100.0: [1, 1], 200.0: [1, 0, 1], 210.0: [0, 1, 0], 300.0: [1, 1]}
        rows.trial("searched", "celery", scenario="latency", point="load 0.3",
                   load_fraction=0.3, capacity=400.0,
                   metrics={"offered_rate": 120.0, "sojourn_p99": 2.0})  # fmt: skip
        for rate, answers in votes.items():
            for passed in answers:
                metrics = {"offered_rate": rate, "sojourn_p99": 10.0 if passed else 400.0,
                           "slo": 200.0, "slo_passed": float(passed)}  # fmt: skip
                rows.trial("searched", "celery", scenario="latency", purpose="search",
                           load_fraction=rate / 400, capacity=400.0, metrics=metrics)  # fmt: skip
    page = written(database, tmp_path / "out")
    assert "p99 ≤ 200 ms is held up to between 200 and 210 tasks/s." in page.text
    with open_database(database) as connection:
        connection.execute(
            "UPDATE trial SET status = 'invalid', reason = 'generator lag: p99 9 ms' "
            "WHERE load_fraction = 210 / 400 AND purpose = 'search'"
        )
    page = written(database, tmp_path / "out")
    assert "210 tasks/s, where the load generator fell behind" in page.text


def test_who_waits_for_a_page_is_told_how_far_it_is(database: Path, tmp_path: Path) -> None:
    with open_database(database) as connection:
        rows = Rows(connection)
        rows.experiment("e")
        for scenario in ("throughput", "cpu_bound"):
            rows.trial("e", "alpha", scenario=scenario, metrics={"drain_rate": 1.0})
    said: list[str] = []
    report.build(database, tmp_path / "out", said.append)
    assert "drawing throughput, 1 of 2" in said
    assert any(re.fullmatch(r"drawing cpu_bound, 2 of 2, about \d+:\d\d left", s) for s in said)


# ── Points, gaps and the floor ───────────────────────────────────────────────────────────────


def test_points_gaps_and_the_floor_are_shown(database: Path, tmp_path: Path) -> None:
    with open_database(database) as connection:
        rows = Rows(connection)
        for framework, rate in (("celery", 200.0), ("raw", 800.0)):
            rows.experiment(framework)
            rows.trial(framework, framework, metrics={"drain_rate": rate})
        for number, (point, cost, size) in enumerate(
            (("nested 1 KiB", 500.0, 1024.0), ("binary 1 KiB", 250.0, 1024.0)), 1
        ):
            metrics = {"workers_cpu_per_task": cost, "payload_size": size, "drain_rate": 90.0}
            rows.trial("celery", "celery", scenario="serialization", point=point,
                       point_number=number, metrics=metrics)  # fmt: skip
        rows.trial("celery", "celery", scenario="serialization", point="nested 10 KiB, msgpack",
                   point_number=3, status="gap", reason="no msgpack here")  # fmt: skip
    page = written(database, tmp_path / "out")
    drawn = (tmp_path / "out" / "index.html").read_text()
    assert "celery 1.0 drain rate 0.25" in page.text
    with open_database(database) as connection:  # a quick run is no floor of a full one
        connection.execute("UPDATE experiment SET size = 'quick' WHERE experiment_id = 'raw'")
    assert "Beside the floor" not in written(database, tmp_path / "quick").text
    assert "nested 10 KiB, msgpack celery 1.0 no msgpack here cannot" in page.text
    for form, us in (("nested", 500), ("binary", 250)):  # a panel a form, of its own points only
        panel = f"CPU a task by payload, workers: {form} by payload size, ms, median"
        assert f'{panel}: celery 1.0 at {form} 1 KiB: {us} µs"' in drawn
    assert "celery 1.0 nested 1 KiB 90" in drawn
    # A gap is no failure of a trial, but it is no figure either: it stands with the others.
    assert "measure gap no msgpack here" in page.text


def test_the_floor_of_a_broker_is_that_of_the_same_broker(database: Path, tmp_path: Path) -> None:
    with open_database(database) as connection:
        rows = Rows(connection)
        for broker, own, low in (("redis", 200.0, 800.0), ("mysql", 90.0, 100.0)):
            rows.experiment(broker)
            for framework, rate in (("celery", own), ("raw", low)):
                rows.trial(broker, framework, broker=broker, metrics={"drain_rate": rate})
        rows.experiment("sqs")
        rows.trial("sqs", "celery", broker="sqs", metrics={"drain_rate": 3.0})  # without a floor
    write_report(database, tmp_path / "out")
    text = (tmp_path / "out" / "index.html").read_text()
    ratios = between(text, "Beside the floor", "</table>")
    found = re.findall(r'row">([^<]*)</th><td>drain rate</td><td class="n">([^<]*)', ratios)
    assert [(label.split()[-1], ratio) for label, ratio in found] == [
        ("mysql", "0.90"), ("redis", "0.25"),
    ]  # fmt: skip


@pytest.mark.parametrize(("capacity", "comparable"), [(800.0, True), (200.0, False)])
def test_the_floor_of_a_load_is_that_of_the_same_load(
    database: Path, tmp_path: Path, capacity: float, *, comparable: bool
) -> None:
    """What a task costs and takes depends on how many a second are offered."""
    with open_database(database) as connection:
        rows = Rows(connection)
        rows.experiment("e")
        for framework, mine in (("celery", capacity), ("raw", 800.0)):
            metrics = {"workers_cpu_per_task": 90.0, "sojourn_p50": 2.0}
            rows.trial("e", framework, scenario="latency", point="load 0.5", load_fraction=0.5,
                       capacity=mine, metrics=metrics)  # fmt: skip
    assert ("Beside the floor" in written(database, tmp_path / "out").text) == comparable


def test_sweeps_laws_and_soaks_are_drawn_and_said(database: Path, tmp_path: Path) -> None:
    with open_database(database) as connection:
        rows = Rows(connection)
        rows.experiment("sweep")
        metrics: dict[str, float]
        for number, (reserved, rate) in enumerate([(1, 100.0), (16, 150.0)], 1):
            for more in (0, 1):
                metrics = {"drain_rate": rate + more, "processes": 2, "reserved": reserved}
                rows.trial("sweep", "alpha", scenario="tuning", metrics=metrics,
                           point=f"noop, 2 × {reserved}", point_number=number)  # fmt: skip
        for number, n in enumerate((1, 2, 4, 4), 1):
            metrics = {"drain_rate": 1000.0 * n / (1 + 0.5 * (n - 1)), "processes": n}
            rows.trial("sweep", "alpha", scenario="scalability", metrics=metrics,
                       point=f"{n} workers", point_number=number)  # fmt: skip
        soak = rows.trial("sweep", "alpha", scenario="soak", metrics={"workers_pss_slope": 1.0})
        for minute in range(1, 9):
            for name, unit in (("workers_pss", "bytes"), ("sojourn_p50", "ms")):
                rows.insert("checkpoint", trial_id=soak, number=minute, at_ns=minute, name=name,
                            value=2**20 * minute, unit=unit)  # fmt: skip
    out = tmp_path / "out"
    page = written(database, out)
    assert "Best: 2 process(es) with 16 reserved each, +50 % over" in page.text
    assert "alpha 1.0: one worker 1,000 tasks/s, serial share 0.50 [" in page.text
    assert "By processes and reserved tasks" in page.text
    assert "Memory of the workers (PSS)" in page.text
    text = (out / "index.html").read_text()
    assert "Memory of the workers (PSS) over the checkpoints of a soak, MiB" in text
    assert "16.0 reserved: 15" in text  # the heat map, said aloud


def test_brokers_stand_beside_each_other_by_framework(tmp_path: Path) -> None:
    with open_database(tmp_path / "r.duckdb") as connection:
        rows = Rows(connection)
        for number, broker in enumerate(("redis", "mysql"), 1):
            rows.experiment(f"e{number}")
            for value in (100.0, 300.0):
                metrics = {"drain_rate": value * number, "workers_cpu_per_task": 7.0}
                rows.trial(f"e{number}", "alpha", broker=broker, metrics=metrics)
        rows.experiment("e3")
        rows.trial("e3", "beta", metrics={"drain_rate": 55_555.0})  # on one broker only
    write_report(tmp_path / "r.duckdb", tmp_path / "out")
    text = (tmp_path / "out" / "index.html").read_text()
    section = between(text, 'id="brokers"', "</section>")
    assert "alpha 1.0 mysql 400 tasks/s; alpha 1.0 redis 200 tasks/s" in section
    assert "55,555" not in section
    assert "Commands" not in section  # nobody counted any
    assert (tmp_path / "out" / "driver_comparison.png").exists()


def test_one_broker_is_not_compared(out: Path) -> None:
    assert 'id="brokers"' not in (out / "index.html").read_text()
    assert not (out / "driver_comparison.png").exists()


def test_the_overview_has_a_row_a_scenario_and_a_column_an_arm(out: Path, page: Page) -> None:
    text = (out / "index.html").read_text()
    matrix = between(text, 'class="wide matrix"', "</table>")
    assert matrix.count('<th scope="row">') == len(
        re.findall(r'<h2 id="(throughput|latency)"', text)
    )
    said = between(page.text, "throughput drain rate", "latency")
    assert "1,234 3 of 5 trials ok 321" in said


@pytest.mark.parametrize(("gaps", "note"), [(1, ""), (0, "5 of 6 trials ok")])
def test_a_gap_is_no_trial_that_went_wrong(gaps: int, note: str) -> None:
    states = [{"ok": 5, "trials": 6, "gap": gaps, "reason": "it cannot"}]
    assert square({"median": 2.0}, states, None, None).note == note


def test_a_point_that_cannot_be_had_adds_no_source_of_settings(tmp_path: Path) -> None:
    with open_database(tmp_path / "r.duckdb") as connection:
        rows = Rows(connection)
        rows.experiment("a")
        for source, status in (("the docs", "ok"), ("", "gap"), ("a page", "ok")):
            rows.trial("a", "alpha", topology_source=source, status=status)
    (arm,) = report.read_facts(tmp_path / "r.duckdb")["arms"]
    assert arm["topology_source"] == "a page; the docs"
