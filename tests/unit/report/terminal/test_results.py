"""What ``nox -s results`` prints of known rows: figures, bars, reasons and verdicts."""

import json
from functools import partial
from pathlib import Path

import pytest

from harness.report.terminal.bar import bar
from harness.report.terminal.tables import BAR
from harness.store.database import open_database
from infrastructure.errors import BenchError, UsageError
from tests.made.databases import compared, fill
from tests.made.rows import filling, made
from tests.typed import run, typed


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Only to be read."""
    earlier = partial(compared, name="earlier", day=4)
    series = partial(compared, name="series", day=5)
    return made(tmp_path_factory.mktemp("results"), fill, earlier, series)


def printed(database: Path, *words: str, capsys: pytest.CaptureFixture[str]) -> str:
    run("results", "--db", str(database), *words)
    return capsys.readouterr().out


def lines(text: str, begin: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line.strip().startswith(begin)]


@pytest.mark.parametrize(
    ("share", "drawn"),
    [(0.0, ""), (1.0, "█" * 8), (0.5, "████"), (1 / 64, "▏"), (9 / 64, "█▏"), (7.0, "█" * 8)],
)
def test_bars_have_eighths(share: float, drawn: str) -> None:
    assert bar(share, 8) == drawn


def test_figures_are_those_of_ok_measuring_trials(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(filled, "throughput", capsys=capsys)
    alpha = lines(text, "alpha 1.0")[0]
    assert alpha == ["alpha", "1.0", "1,234", "█" * BAR, "1,000", "–", "1,500", "3", "of", "5"]
    beta = lines(text, "beta 1.0")[0]  # 321 / 1,234 of 24 characters
    assert beta == ["beta", "1.0", "321", "█" * 6 + "▎", "3.8×", "one", "trial", *["1", "of", "1"]]
    for excluded in ("99,999", "77,777", "66,666"):
        assert excluded not in text
    assert "drain_rate, tasks/s (higher is better)" in text
    assert "workers_cpu_per_task, µs (lower is better)" in text
    assert "latency" not in text


def test_a_verdict_on_pinned_workers_is_told_as_one(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of its own experiment: a bench without pins came later."""
    with filling(database) as rows:
        rows.experiment("pinned", command="compare")
        for arm, version in enumerate(("1.0", "2.0"), 1):
            metrics = {"drain_rate": 100.0 * arm, "workers_pinned": 2.0}
            own = {"framework_version": version, "arm_number": arm, "metrics": metrics}
            rows.trial("pinned", "alpha", **own)
        rows.verdict("pinned", kind="faster")
        rows.experiment("later", day=2)
        for arm, version in enumerate(("1.0", "2.0"), 1):
            own = {"framework_version": version, "arm_number": arm}
            rows.trial("later", "alpha", metrics={"drain_rate": 90.0 * arm}, **own)
    said = " ".join(printed(database, capsys=capsys).split())
    assert "10 blocks; workers pinned to cores" in said


def test_a_narrow_terminal_cuts_bars_and_nothing_else(
    filled: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.commands.results.PLAIN_WIDTH", 64)
    text = printed(filled, "throughput", capsys=capsys)
    assert any("1,000 – 1,500" in line and "3 of 5" in line for line in text.splitlines())
    assert "█" * BAR not in text


def test_a_load_without_a_valid_trial_says_why(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(filled, "latency", capsys=capsys)
    assert text.count("unstable, latency undefined") == 1
    assert "invalid alpha 1.0 load 0.7, beta 1.0 load 0.7: unstable" in text


def test_verdicts_are_of_the_latest_experiment(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(filled, capsys=capsys)
    assert "series says faster." in text
    assert "earlier says" not in text
    assert "better" in text
    assert "Quick size: a first look; don't quote its numbers." in text
    assert "No verdict yet" in printed(filled, "latency", capsys=capsys)


def test_a_verdict_says_which_figures_are_of_a_later_experiment(
    changeable: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "later experiment" not in printed(changeable, capsys=capsys)
    with filling(changeable) as rows:
        rows.experiment("again", day=6)
        rows.trial("again", "celery", framework_version="5.3", metrics={"drain_rate": 7.0})
    text = printed(changeable, capsys=capsys)
    assert text.count("of a later experiment") == 1
    told = text[text.index("series says faster.") :]  # of 5.3 over 5.2; the one before it is not
    assert "celery 5.3: the figures above are of a later experiment." in told


def test_a_pipe_gets_plain_lines(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(filled, capsys=capsys)
    assert "\x1b" not in text
    assert not set("│┃━┏╭") & set(text)


def test_a_scenario_without_a_file_or_a_figure_is_shown(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with filling(database) as rows:
        rows.experiment("a")
        rows.trial("a", "alpha", scenario="bygone", metrics={"old_rate": 3.0})
        rows.trial("a", "alpha", scenario="recovery", status="failed", reason="no [worker] came up")
    text = printed(database, capsys=capsys)
    assert "old_rate, tasks/s" in text
    assert "invalid alpha 1.0: no [worker] came up" in text


def test_a_scenario_of_the_users_own_is_not_said_to_have_no_figure(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with filling(database) as rows:
        rows.experiment("a")
        rows.trial("a", "alpha", metrics={"drain_rate": 3.0})
        rows.trial("a", "alpha", scenario="own", metrics={"own_rate": 3.0})
    [own] = lines(printed(database, capsys=capsys), "own")
    assert " ".join(own) == "own — the report has its figures nox -s report"


def test_the_answer_comes_first(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(filled, capsys=capsys)
    assert text.startswith("Throughput, tasks/s (higher is better)")
    assert "alpha 1.0 drains 3.8× as many tasks/s as the next, beta 1.0" in text
    assert text.index("alpha 1.0 drains") < text.index("series says faster.")


def test_fifty_arms_are_no_thousands_of_lines(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with filling(database) as rows:
        for number in range(50):
            rows.experiment(f"e{number}")
            for value in (1.0, 2.0):
                metrics = {"drain_rate": 100.0 * number + value, "workers_cpu_per_task": value}
                rows.trial(f"e{number}", f"f{number}", metrics=metrics)
            rows.trial(f"e{number}", f"f{number}", scenario="cold_start", status="gap", reason="no")
    text = printed(database, capsys=capsys)
    assert len(text.splitlines()) < 60
    assert "… and 40 more" in text
    assert len(printed(database, "throughput", capsys=capsys).splitlines()) < 60
    assert len(printed(database, "--all", capsys=capsys).splitlines()) > 100


def test_many_arms_end_in_a_table_with_the_floor(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with filling(database) as rows:
        rows.experiment("e", command="survey")
        for number, name in enumerate(["raw", *"abcd"]):
            metrics = {"drain_rate": 1000.0 / (1 + number), "workers_cpu_per_task": 9.0}
            rows.trial("e", name, metrics=metrics)
            killed = {"not_redone": 25.0 * number, "redone_twice": 0.0}
            rows.trial("e", name, scenario="killed", metrics=killed)
    *_, table = lines(printed(database, capsys=capsys), "b 1.0")
    assert table == ["b", "1.0", "333", "0.333×", "9.00", "1.00×", "50.0", "0"]


def test_json_has_the_answer(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(printed(filled, "--json", capsys=capsys))
    assert found["schema"] == "taskqueue-bench/answer/1"
    throughput = found["questions"][0]
    assert throughput["metric"] == "drain_rate"
    best, second = throughput["arms"][:2]
    assert (best["arm"], best["median"], best["trials"]) == ("alpha 1.0", 1_234.0, 3)
    assert second["times_the_best"] == pytest.approx(1_234 / 321)


def test_nothing_to_show_says_what_to_type(filled: Path, tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="no measuring trial of recovery; it has: latency, thr"):
        run("results", "--db", str(filled), "recovery")
    with open_database(tmp_path / "empty.duckdb"):
        pass
    with pytest.raises(BenchError, match="run a bench first"):
        run("results", "--db", str(tmp_path / "empty.duckdb"))


def test_wrong_words_are_refused() -> None:
    with pytest.raises(UsageError, match="did you mean 'latency'"):
        typed("results", ["latancy"])
