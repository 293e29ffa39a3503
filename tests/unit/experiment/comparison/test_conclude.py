"""What a comparison comes to: verdicts, files, exit code; and where nothing could be found."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.cli.console import console
from harness.cli.exits import Exit
from harness.experiment.comparison.compare import Course, compare
from harness.experiment.comparison.comparison import Key
from harness.experiment.comparison.conclude import FailOn, conclude, exit_code
from harness.experiment.comparison.run import run
from harness.experiment.comparison.say import what_it_can_find
from harness.experiment.comparison.stopping import narrow_enough
from harness.judge.claims import Kind, Verdict
from harness.scenario.catalogue import load_scenario
from harness.store.database import open_database
from harness.store.vocabulary import Status
from tests.conftest import Query
from tests.unit.experiment.comparison.made import Maker, Played, only_verdict, store_blocks

TWELVE = [load_scenario("throughput"), load_scenario("latency")]


@pytest.mark.parametrize(
    ("kinds", "fail_on", "code"),
    [
        ([Kind.FASTER, Kind.EQUIVALENT, Kind.INCONCLUSIVE], FailOn.REGRESSION, 0),
        ([Kind.INCONCLUSIVE], FailOn.INCONCLUSIVE, 3),
        ([Kind.SLOWER, Kind.INVALID], FailOn.REGRESSION, 1),
        ([Kind.SLOWER_UNCERTAIN], FailOn.REGRESSION, 1),
        ([Kind.INVALID, Kind.FASTER], FailOn.REGRESSION, 3),
    ],
)
def test_exit_codes(kinds: list[Kind], fail_on: FailOn, code: int) -> None:
    assert exit_code([Verdict(kind=k, n=10, sentence="") for k in kinds], fail_on) == code


def test_a_clear_difference_is_found_and_stored(make: Maker, query: Query, tmp_path: Path) -> None:
    noise = iter(np.random.default_rng(1).normal(1, 0.01, 1000).tolist())
    comparison = make(lambda arm, _: Played(100 * next(noise) * (0.8 if arm == 2 else 1)))
    run(comparison)
    assert conclude(comparison, tmp_path / "out", FailOn.REGRESSION) == 1
    ((kind, n, low, high),) = query("SELECT kind, n, low, high FROM verdict")
    assert (kind, n) == ("slower", 10)
    assert low < 0.8 < high
    document = json.loads((tmp_path / "out" / "verdicts.json").read_text())
    assert document["verdicts"][0]["kind"] == "slower"
    assert "| throughput: drain_rate |" in (tmp_path / "out" / "verdicts.md").read_text()


@pytest.mark.parametrize(
    ("pinned", "words"),
    [
        ("2", "workers pinned to cores"),
        ("if(arm_number = 2, 2, 0)", "only workers of new pinned to cores"),
    ],
)
def test_a_ratio_of_pinned_workers_is_told_as_one(
    make: Maker,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    pinned: str,
    words: str,
) -> None:
    """In the verdict, and where there is none."""
    monkeypatch.setattr(console, "_width", 200)
    comparison = make(lambda arm, block: Played((100.0 + block) * (0.8 if arm == 2 else 1)))
    run(comparison)
    with open_database(comparison.database) as connection:
        connection.execute(
            f"INSERT INTO metric SELECT trial_id, 'workers_pinned', {pinned}, '1' FROM trial"
        )
    assert f", 10 blocks, {words}, Holm p = " in only_verdict(comparison).sentence
    comparison.describes = "a try"
    conclude(comparison, tmp_path / "out", FailOn.REGRESSION)
    assert f"throughput: drain_rate, {words}" in capsys.readouterr().out


def test_a_try_describes_however_clear_it_is(
    make: Maker, query: Query, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    comparison = make(lambda arm, block: Played((100.0 + block) * (0.8 if arm == 2 else 1)))
    run(comparison)
    comparison.describes, comparison.lost = (
        "a try: workers disturb each other",
        ["block 2 was lost"],
    )
    assert conclude(comparison, tmp_path / "out", FailOn.REGRESSION) == Exit.NO_VERDICT
    assert query("SELECT count(*) FROM verdict") == [(0,)]
    said = capsys.readouterr().out
    assert "a try: workers disturb each other" in said
    assert "block 2 was lost" in said


def test_an_invalid_trial_withholds_the_verdict(make: Maker) -> None:
    def play(arm: int, block: int) -> Played:
        wrong = (arm, block) == (2, 3)
        return Played(100.0 + arm, Status.INVALID if wrong else Status.OK, "a reason" * wrong)

    comparison = make(play, blocks=6)
    run(comparison)
    found = only_verdict(comparison)
    assert found.kind == Kind.INVALID
    assert found.ratio is None
    assert "new, block 3 invalid: a reason" in found.sentence


def test_it_is_said_how_much_neighbouring_turns_are_alike(
    make: Maker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    comparison = make(lambda *_: Played(100.0), blocks=6)
    run(comparison)
    with open_database(comparison.database) as connection:
        connection.execute(
            "INSERT INTO metric SELECT trial_id, 'turn_autocorrelation', "
            "if(arm_number = 1, block / 10, if(block = 1, 'nan'::DOUBLE, -0.2)), '1' FROM trial"
        )
    conclude(comparison, tmp_path, FailOn.REGRESSION)
    said = " ".join(capsys.readouterr().out.split())
    assert "correlation of neighbouring turns, median of the blocks: old +0.35, new -0.20;" in said


def test_a_block_that_stays_disturbed_is_said_wherever_the_verdict_is(
    make: Maker, tmp_path: Path
) -> None:
    def play(_arm: int, block: int) -> Played:
        return Played(100.0 + block, flags=["steal percent 40 exceeds 2"] if block == 2 else [])

    comparison = make(play, blocks=6)
    run(comparison)
    conclude(comparison, tmp_path, FailOn.REGRESSION)
    assert comparison.redo.times == 3
    said = "block 2, throughput, was never undisturbed: steal percent 40 exceeds 2"
    assert said in (tmp_path / "verdicts.md").read_text()
    assert json.loads((tmp_path / "verdicts.json").read_text())["disturbed"] == [said]


def quiet(noise: np.random.Generator, ratio: float, arm: int) -> Any:
    """Values with noise of 0.3 %; those of one arm's drain rate times ``ratio``."""

    def value(number: int, block: int, key: Key) -> float:
        changed = number == arm and key.metric == "drain_rate"
        return 100 * block * float(noise.normal(1, 0.003)) * (ratio if changed else 1)

    return value


def test_a_halved_rate_is_found_among_36_claims(make: Maker, tmp_path: Path) -> None:
    """The claims of ``regress --last 4``, which stops as early as it may."""
    comparison = make.comparison(TWELVE, 15, 4, "regress")
    assert comparison.claims == 36
    value, blocks = quiet(np.random.default_rng(5), 0.5, arm=3), 10
    store_blocks(comparison, range(1, blocks + 1), value)
    while not narrow_enough(comparison, blocks):
        blocks += 1
        store_blocks(comparison, [blocks], value)
    assert blocks == comparison.least_blocks == 11
    assert conclude(comparison, tmp_path, FailOn.REGRESSION) is Exit.FOUND
    rows = json.loads((tmp_path / "verdicts.json").read_text())["verdicts"]
    kinds = {(row["baseline"], row["metric"]): row["kind"] for row in rows if not row["point"]}
    assert kinds["v2", "drain_rate"] == Kind.SLOWER
    assert kinds["v3", "drain_rate"] == Kind.FASTER  # the next version is as fast as before
    assert kinds["v1", "drain_rate"] == Kind.EQUIVALENT


@pytest.mark.parametrize(("number", "claims", "least"), [(1, 3, 7), (2, 12, 9)])
def test_too_few_blocks_for_the_claims_describe_only(
    make: Maker,
    query: Query,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    number: int,
    claims: int,
    least: int,
) -> None:
    """Six blocks of a rate that is half of what it was: no verdict, and code 3."""
    comparison = make.comparison(TWELVE[:number], 6, 2)
    store_blocks(comparison, range(1, 7), quiet(np.random.default_rng(6), 0.5, arm=2))
    assert conclude(comparison, tmp_path, FailOn.REGRESSION) is Exit.NO_VERDICT
    assert query("SELECT count(*) FROM verdict") == [(0,)]
    said = capsys.readouterr().out
    assert "0.5" in said  # the ratio is shown
    expected = f"6 blocks can find nothing among {claims} claims, which takes {least}"
    assert f"{expected}: this only describes." in said
    plan = (
        f"[yellow]{expected}[/]: this will describe only; for verdicts: --blocks {least}, or more"
    )
    assert what_it_can_find(comparison) == plan


def test_the_plan_names_claims_floor_and_power(make: Maker) -> None:
    said = what_it_can_find(make.comparison(TWELVE, 15, 2))
    assert said == (
        "12 claims, found with 9 blocks at least · power of 15 blocks: 80 % to find 3 % where the "
        "ratios of blocks scatter by 2.5 %, 5 % where the ratios of blocks scatter by 4.2 %"
    )
    assert what_it_can_find(make(lambda *_: Played(1.0), blocks=6)).startswith("1 claim, found")


def test_a_comparison_that_ran_out_of_time_describes_only(make: Maker, tmp_path: Path) -> None:
    """As many blocks as could find something were planned, and one fewer was run."""
    comparison = make(lambda *_: Played(100.0), blocks=15)
    store_blocks(comparison, range(1, 6), quiet(np.random.default_rng(7), 0.5, arm=2))
    comparison.max_time_s = 0.0
    run(comparison, range(1, 6))
    assert conclude(comparison, tmp_path, FailOn.REGRESSION) is Exit.NO_VERDICT


def test_failures_of_what_is_only_described_are_told(
    make: Maker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    comparison = make(lambda *_: Played(100.0, Status.FAILED, "a reason"), blocks=2)
    run(comparison)
    assert conclude(comparison, tmp_path, FailOn.REGRESSION) is Exit.NO_VERDICT
    assert "new, block 1 failed: a reason" in capsys.readouterr().out


@pytest.mark.parametrize("blocks", [0, 1])
def test_a_comparison_that_measured_nothing_has_no_answer(
    make: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blocks: int
) -> None:
    """Its own, while another experiment has one."""
    run(make(lambda *_: Played(100.0), blocks=1))
    ours = make(lambda *_: Played(100.0), blocks=blocks)
    place = "harness.experiment.comparison.compare"
    monkeypatch.setattr(f"{place}.prepared", lambda *_: ours)
    monkeypatch.setattr(f"{place}.measure", lambda *_: run(ours) if blocks else None)
    asked: Any = SimpleNamespace(database=ours.database)
    code, experiment = compare(asked, Course(tmp_path, FailOn.REGRESSION))
    assert (code, experiment) == (Exit.NO_VERDICT, ours.id if blocks else "")
