"""What is counted of databases that were measured for other ends."""

from pathlib import Path

import pytest

from harness.store.database import open_database
from harness.store.ingest import insert_row
from tests import alarms, figures, precision
from tests.integration.trials import EVERY_PAIR
from tests.rows import EXPERIMENT, trial_row

LAW = "law slots broken: no more tasks run at a time than there are slots; found 3 at a time"


def database(
    path: Path, rows: dict[str, dict[str, object]], rate: float = 100.0, **metrics: float
) -> Path:
    """Trials by id, each with a drain rate, its own if it has one, and with these metrics."""
    with open_database(path) as connection:
        insert_row(connection, "experiment", vars(EXPERIMENT), unless_there=True)
        for trial, row in rows.items():
            own = {"drain_rate": row.pop("drain_rate", rate), **metrics}
            insert_row(connection, "trial", trial_row(trial) | row)
            for name, value in own.items():
                metric = {"trial_id": trial, "name": name, "value": value, "unit": "1"}
                insert_row(connection, "metric", metric)
    return path


def test_trials_are_counted_once_and_alarms_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    celery: dict[str, object] = {"framework": "celery", "broker": "redis relaxed"}
    rows = {
        "a": celery,
        "b": celery | {"status": "invalid", "reason": LAW},
        "c": celery | {"status": "failed", "reason": "it did not start"},
        "d": celery | {"framework": "stub", "status": "invalid", "reason": LAW},
        "f": celery | {"remarks": "9 tasks still at the broker after the drain"},
    }
    places = [database(tmp_path / "one.duckdb", rows)]
    places.append(database(tmp_path / "copy.duckdb", rows | {"e": celery | {"framework": "rq"}}))
    assert alarms.count_stored([*places, tmp_path / "none.duckdb"]) == 1
    said = capsys.readouterr()
    assert [line.split() for line in said.out.splitlines()[:3]] == [
        ["celery", "redis", "3"],
        ["rq", "redis", "1"],
        ["4", "trials,", "1", "broken", "laws,", "1", "alarms"],
    ]
    assert "b: celery on redis: slots" in said.out
    assert "left out: " in said.err


def test_shares_of_the_alarms_are_all_of_them_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trials = [("throughput", f"load {n}", n, "redis celery") for n in range(5)]
    monkeypatch.setattr(alarms, "planned", lambda: trials)
    ran: list[int] = []

    def one_trial(_folder: Path, _scenario: str, place: int, _pair: str) -> dict[str, str]:
        ran.append(place)
        return {"status": "ok", "reason": "", "remarks": ""}

    monkeypatch.setattr(alarms, "one_trial", one_trial)
    out = tmp_path / "rows.jsonl"
    for number in (1, 2, 1):
        alarms.run(out, 60.0, (number, 2))
    assert ran == [0, 2, 4, 1, 3]
    assert alarms.table(alarms.rows_of(out)) == 0


def test_a_pair_has_a_figure_where_a_trial_is_ok(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own: dict[str, object] = {"broker": "redis relaxed"}
    rq, celery = own | {"framework": "rq"}, own | {"framework": "celery", "broker": "mysql"}
    rows = {
        "a": rq,
        "b": rq | {"status": "invalid", "reason": "another time"},
        "c": celery | {"status": "invalid", "reason": "no steady state"},
        "d": rq | {"purpose": "calibrate", "broker": "postgresql"},
    }
    known = figures.known_in([database(tmp_path / "one.duckdb", rows)])
    assert known["rq", "redis"].rates == [100.0]
    assert set(known) == {("rq", "redis"), ("celery", "mysql")}
    assert figures.table(known) == len(EVERY_PAIR) - 1
    assert "invalid: no steady state" in capsys.readouterr().out


def test_minutes_to_two_percent_are_those_of_blocks_of_one_framework(tmp_path: Path) -> None:
    """Six blocks of two versions whose ratios scatter, and one of two frameworks, which does not
    count.
    """
    rows: dict[str, dict[str, object]] = {}
    for block, ratio in enumerate((1.1, 0.9, 1.1, 0.9, 1.1, 0.9), 1):
        for arm, rate in ((1, 100.0), (2, 100.0 * ratio)):
            rows[f"{block}-{arm}"] = {
                "block": block,
                "arm_number": arm,
                "framework": "celery",
                "framework_version": f"5.{arm}",
                "duration_s": 20.0,
                "drain_rate": rate,
            }
    for arm, framework in ((1, "celery"), (2, "rq")):
        rows[f"7-{arm}"] = rows["1-1"] | {"block": 7, "arm_number": arm, "framework": framework}
    place = database(tmp_path / "one.duckdb", rows, workers_cpu_per_task=500.0, turns=9.0)
    known = precision.known_in([place])
    [(size, found)] = [(size, each) for (name, size), each in known.items() if name == "celery"]
    assert len(found.seconds) == 6
    (slow, within), (quick, fast) = precision.lines({("celery", size): found})
    assert not within  # 11 % scatter: 121 blocks of 20 s
    assert "121 blocks" in slow
    assert fast  # what does not scatter takes the fewest
    assert "6 blocks,  2.0 min" in quick
