"""Every scenario as a table, for a note."""

from pathlib import Path

import pytest

from harness.report.rows.latest import ShownTrial
from harness.report.terminal.markdown import remarked
from tests.made.rows import filling
from tests.typed import run

RESTED = {
    "workers_idle_cpu": 0.01,
    "broker_idle_cpu": 0.001,
    "workers_idle_pss": 64 * 1_048_576.0,
    "broker_idle_pss": 0.0,
    "broker_idle_commands": 10.0,
}


def test_all_arms_and_loads_stand_in_one_table(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gap = {"status": "gap", "reason": "it reads one queue"}
    with filling(database) as rows:
        rows.experiment("a")
        for cpu in (0.01, 0.02, 0.04):
            own = {**RESTED, "workers_idle_cpu": cpu}
            trial = rows.trial("a", "alpha", scenario="idle", point="1 queue", metrics=own)
            for name, value in (("broker_idle_brpop", 8.0), ("broker_idle_ping", 2.0)):
                rows.insert("metric", trial_id=trial, name=name, value=value, unit="1/s")
        ten = {"scenario": "idle", "point": "10 queues", "point_number": 2}
        rows.trial("a", "alpha", **ten, **gap)
        rows.trial("a", "beta", **ten, metrics=RESTED)
        rows.trial("a", "alpha", scenario="bygone", metrics={"old_rate": 3.0})
        for lost in (2.0, 3.0):
            trial = rows.trial("a", "alpha", scenario="bygone")
            rows.insert("metric", trial_id=trial, name="lost", value=lost, unit="tasks")
    run("results", "--db", str(database), "--markdown")
    said = capsys.readouterr().out
    lines = [[cell.strip() for cell in line.split("|")] for line in said.splitlines()]
    cells = {(line[1], line[2]): line[3:-1] for line in lines if len(line) > 4}
    heading = cells["load", "arm"]
    assert heading[:3] == [
        "CPU of idle workers, cores",
        "CPU of the broker while workers are idle, cores",
        "Memory of idle workers (PSS), MiB",
    ]
    assert "| Commands to the broker per second |" in said
    assert "| Lost tasks | old rate, tasks/s |" in said, "a count needs no unit"
    assert cells["1 queue", "alpha 1.0"][0] == "0.02 (0.01 to 0.04)"
    assert cells["1 queue", "alpha 1.0"][-1] == "3 of 3"
    assert set(cells["10 queues", "alpha 1.0"]) == {"–", "cannot"}
    assert cells["10 queues", "beta 1.0"][2] == "64.0"
    assert "- alpha 1.0, 1 queue, per second: brpop 8.00, ping 2.00" in said
    assert "- cannot: alpha 1.0 10 queues: it reads one queue" in said
    assert "### bygone" in said
    assert "| 2.50 (2 to 3) | 3.00 |" in said, "what is counted has no decimals"
    assert "| a month idle | idle at 1 queue | alpha 1.0 |" in said
    assert (
        "holds the true one in at least 75 % of cases; with fewer than six trials it is their range"
        in said
    )
    run("results", "--db", str(database), "idle", "--markdown")
    assert "bygone" not in capsys.readouterr().out


def remark(arm: int, point: str, remarks: str | None, status: str = "ok") -> ShownTrial:
    return ShownTrial("idle", point, 1, arm, f"arm {arm}", "one", status, remarks, None)


def test_a_remark_is_told_once_with_its_arms_and_loads_and_the_range_of_what_was_measured() -> None:
    trials = [
        remark(1, "1 queue", "steal percent 9.10 exceeds 2; 5 tasks are left"),
        remark(1, "1 queue", "steal percent 10.20 exceeds 2"),
        remark(1, "10 queues", "5 tasks are left"),
        remark(2, "1 queue", "4 tasks are left"),
        remark(2, "10 queues", "steal percent 3.00 exceeds 2"),
        remark(2, "100 queues", "it is no figure", status="invalid"),
    ]
    assert list(remarked(trials)) == [
        "- remark: arm 1 (1 queue), arm 2 (10 queues): steal percent 3.00 to 10.20 exceeds 2",
        "- remark: arm 1: 5 tasks are left",
        "- remark: arm 2 (1 queue): 4 tasks are left",
    ]
