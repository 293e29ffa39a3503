"""Comparisons: what may be compared, how it is planned, what is withheld, and the whole way once.

The end-to-end tests run on the stub with small loads and assert facts, never speeds: the one that
must find a difference has one of a factor of five.
"""

import json
import re
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from harness.cli.progress import TrialProgress
from harness.experiment.cleanup import guarded
from harness.experiment.comparison.blocks import one_load
from harness.experiment.comparison.comparison import Comparison, Key, Pair
from harness.experiment.comparison.conclude import FailOn, conclude, exit_code
from harness.experiment.comparison.judging import judge_comparison
from harness.experiment.comparison.measured import paired, read_measured
from harness.experiment.comparison.pilot import longest_warm_up
from harness.experiment.comparison.resume import take_over
from harness.experiment.comparison.run import run
from harness.experiment.row import new_experiment
from harness.judge.claims import Kind, Verdict
from harness.scenario.catalogue import load_scenario
from harness.store.database import open_database
from harness.store.ingest import insert_row
from harness.store.vocabulary import Purpose
from harness.trial.cell import Arm
from harness.trial.outcome import Outcome, TrialRow
from harness.trial.plan import Setup, TrialPlan
from infrastructure.errors import UsageError
from tests.conftest import TINY

Query = Callable[[str], list[tuple[Any, ...]]]


def verdict(kind: Kind) -> Verdict:
    unknown: dict[str, Any] = dict.fromkeys(f.name for f in fields(Verdict))
    return Verdict(**{**unknown, "kind": kind, "n": 10, "sentence": ""})


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
    assert exit_code([verdict(k) for k in kinds], fail_on) == code


def test_pairs_are_blocks_that_have_both() -> None:
    by_block = {2: {1: 20.0, 2: 40.0}, 1: {1: 10.0, 2: 30.0}, 3: {2: 1.0}}
    assert paired(by_block, Pair(1, 2)) == ([10.0, 20.0], [30.0, 40.0])


def only_verdict(comparison: Comparison) -> Verdict:
    (judged,) = judge_comparison(comparison, read_measured(comparison, Purpose.MEASURE))
    return judged.verdict


# ── A comparison without a load: trials that return what the test says ───────────────────────


@pytest.fixture
def make_comparison(database: Path) -> Callable[..., Comparison]:
    """Stub arms whose trials are played by ``played`` (arm, block) → (value, status, flags).

    A status that is none is the reason of an invalid trial.
    """

    def make(
        monkeypatch: pytest.MonkeyPatch,
        played: Callable[[int, int], tuple[float, str, list[str]]],
        blocks: int = 10,
        arms: int = 2,
    ) -> Comparison:
        from tests.rows import trial_row

        experiment = new_experiment("compare", "tiny", 7, {})
        arm = Arm("stub", "1.0", "3.12", sys.executable, None, "matched")  # type: ignore[arg-type]
        numbers = range(1, arms + 1)
        benches = [Setup(database, experiment, arm, {}, database.parent, n) for n in numbers]
        scenario = load_scenario("throughput")
        monkeypatch.setattr(scenario, "primary", (scenario.primary_named("drain_rate"),))

        def play(bench: Setup, plan: TrialPlan) -> Outcome:
            value, status, flags = played(bench.number, plan.block)
            row = trial_row(plan.trial_id) | {
                "experiment_id": experiment["experiment_id"], "block": plan.block,
                "position": plan.position, "arm_number": bench.number, "purpose": plan.purpose,
                "lock_hash": bench.arm.lock_hash,
                "status": status if status in {"ok", "invalid", "failed"} else "invalid",
                "reason": {"ok": None, "invalid": "a reason", "failed": "a reason"}.get(
                    status, status
                ),
            }  # fmt: skip
            with open_database(database) as connection:
                insert_row(connection, "experiment", experiment, unless_there=True)
                insert_row(connection, "trial", row)
                metric = {"trial_id": plan.trial_id, "name": "drain_rate", "value": value}
                insert_row(connection, "metric", {**metric, "unit": "tasks/s"})
            return Outcome(TrialRow(**row), {"drain_rate": value}, flags)

        monkeypatch.setattr("harness.experiment.watched.run_trial", play)
        return Comparison(
            benches, ["old", "new"] if arms == 2 else [f"v{n}" for n in numbers],
            [Pair(n, n + 1) for n in numbers[:-1]], {"throughput": scenario}, TINY, blocks, None,
            experiment, database,
        )  # fmt: skip

    return make


def test_a_clear_difference_is_found_and_stored(
    make_comparison: Callable[..., Comparison], monkeypatch: pytest.MonkeyPatch, query: Query,
    tmp_path: Path,
) -> None:  # fmt: skip
    rng = np.random.default_rng(1)
    noise = iter(rng.normal(1, 0.01, 1000).tolist())
    comparison = make_comparison(
        monkeypatch, lambda arm, _: (100 * next(noise) * (0.8 if arm == 2 else 1), "ok", [])
    )
    run(comparison)
    assert conclude(comparison, tmp_path / "out", FailOn.REGRESSION) == 1
    ((kind, n, low, high),) = query("SELECT kind, n, low, high FROM verdict")
    assert (kind, n) == ("slower", 10)
    assert low < 0.8 < high
    document = json.loads((tmp_path / "out" / "verdicts.json").read_text())
    assert document["verdicts"][0]["kind"] == "slower"
    assert "| throughput: drain_rate |" in (tmp_path / "out" / "verdicts.md").read_text()
    firsts = query(
        "SELECT arm_number, count(*) FROM trial WHERE position % 2 = 1 GROUP BY 1 ORDER BY 1"
    )
    assert firsts == [(1, 5), (2, 5)]


def test_narrow_intervals_end_it_and_nothing_else_does(
    make_comparison: Callable[..., Comparison], monkeypatch: pytest.MonkeyPatch, query: Query
) -> None:
    noise = iter(np.random.default_rng(2).normal(1, 0.002, 1000).tolist())
    comparison = make_comparison(monkeypatch, lambda *_: (100 * next(noise), "ok", []), blocks=30)
    run(comparison)
    assert query("SELECT count(DISTINCT block) FROM trial") == [(10,)]
    found = only_verdict(comparison)
    assert found.kind == Kind.EQUIVALENT


def test_a_block_that_the_environment_broke_is_run_again_whole(
    make_comparison: Callable[..., Comparison], monkeypatch: pytest.MonkeyPatch, query: Query
) -> None:
    troubled = iter([["steal percent 9 exceeds 2"]] + [[]] * 1000)

    def played(_arm: int, block: int) -> tuple[float, str, list[str]]:
        return 100.0 + block, "ok", next(troubled) if block == 2 else []

    comparison = make_comparison(monkeypatch, played, blocks=6)
    run(comparison)
    assert comparison.redone == 1
    assert query("SELECT purpose, count(*) FROM trial WHERE block = 2 GROUP BY 1 ORDER BY 1") == [
        ("broken", 2), ("measure", 2),
    ]  # fmt: skip
    assert query("SELECT count(*) FROM trial WHERE purpose = 'measure'") == [(12,)]


def test_a_block_that_stays_disturbed_is_said_wherever_the_verdict_is(
    make_comparison: Callable[..., Comparison], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def played(_arm: int, block: int) -> tuple[float, str, list[str]]:
        return 100.0 + block, "ok", ["steal percent 40 exceeds 2"] if block == 2 else []

    comparison = make_comparison(monkeypatch, played, blocks=6)
    run(comparison)
    conclude(comparison, tmp_path, FailOn.REGRESSION)
    assert comparison.redone == 3
    said = "block 2, throughput, was never undisturbed: steal percent 40 exceeds 2"
    assert said in (tmp_path / "verdicts.md").read_text()
    assert json.loads((tmp_path / "verdicts.json").read_text())["disturbed"] == [said]


def test_a_generator_that_fell_behind_is_run_again_and_a_loss_is_not(
    make_comparison: Callable[..., Comparison], monkeypatch: pytest.MonkeyPatch, query: Query
) -> None:
    reasons = iter(["generator lag: p99 3 ms", "generator lag: p99 3 ms; lost: 1 of 9 tasks"])

    def played(arm: int, block: int) -> tuple[float, str, list[str]]:
        wrong = (arm, block) in {(1, 2), (1, 4)} and next(reasons, None)
        return 100.0 + block, wrong or "ok", []

    comparison = make_comparison(monkeypatch, played, blocks=6)
    run(comparison)
    assert comparison.redone == 1
    assert query("SELECT DISTINCT block FROM trial WHERE purpose = 'broken'") == [(2,)]
    found = only_verdict(comparison)
    assert found.kind == Kind.INVALID
    assert "lost: 1 of 9" in found.sentence


def test_a_load_too_much_for_the_generator_is_given_up_and_an_environment_never(
    make_comparison: Callable[..., Comparison], monkeypatch: pytest.MonkeyPatch
) -> None:
    behind = make_comparison(monkeypatch, lambda *_: (1.0, "generator lag: p99", []), blocks=3)
    run(behind)
    assert behind.redone == 3  # of the first block only
    assert len(behind.disturbed) == 3
    stolen = make_comparison(monkeypatch, lambda *_: (1.0, "ok", ["steal 9"]), blocks=3)
    run(stolen)
    assert stolen.redone == 9


def test_a_version_series_names_the_step_and_no_other(
    make_comparison: Callable[..., Comparison], monkeypatch: pytest.MonkeyPatch, query: Query,
    tmp_path: Path,
) -> None:  # fmt: skip
    noise = np.random.default_rng(4)
    level = {1: 100, 2: 100, 3: 150, 4: 151}

    def played(arm: int, block: int) -> tuple[float, str, list[str]]:
        return level[arm] * (1 + 0.1 * block) * float(noise.normal(1, 0.01)), "ok", []

    comparison = make_comparison(monkeypatch, played, blocks=8, arms=4)
    comparison.experiment["command"] = "regress"
    run(comparison)
    conclude(comparison, tmp_path, FailOn.REGRESSION)
    ((before, after, ratio, p),) = query("SELECT before, after, ratio, p FROM change_point")
    assert (before, after) == ("v2", "v3")
    assert 1.45 < ratio < 1.55
    assert p <= 0.05
    (candidate,) = json.loads((tmp_path / "verdicts.json").read_text())["change_points"]
    assert "±1 version" in candidate["sentence"]
    assert candidate["sentence"] in (tmp_path / "verdicts.md").read_text()


@pytest.mark.parametrize(("status", "code"), [("ok", 0), ("failed", 3)])
def test_few_blocks_are_described_and_failures_told(
    make_comparison: Callable[..., Comparison], monkeypatch: pytest.MonkeyPatch, query: Query,
    status: str, code: int, tmp_path: Path,
) -> None:  # fmt: skip
    comparison = make_comparison(monkeypatch, lambda *_: (100.0, status, []), blocks=3)
    run(comparison)
    assert conclude(comparison, tmp_path, FailOn.REGRESSION) == code
    assert query("SELECT count(*) FROM verdict") == [(0,)]


def test_an_invalid_trial_withholds_the_verdict(
    make_comparison: Callable[..., Comparison], monkeypatch: pytest.MonkeyPatch
) -> None:
    def played(arm: int, block: int) -> tuple[float, str, list[str]]:
        return 100.0 + arm, "invalid" if (arm, block) == (2, 3) else "ok", []

    comparison = make_comparison(monkeypatch, played)
    run(comparison)
    found = only_verdict(comparison)
    assert found.kind == Kind.INVALID
    assert found.ratio is None
    assert "new, block 3 invalid: a reason" in found.sentence


def test_a_pilot_sizes_the_experiment_and_is_thrown_away(
    make_comparison: Callable[..., Comparison], monkeypatch: pytest.MonkeyPatch, query: Query
) -> None:
    noise = iter(np.random.default_rng(3).normal(1, 0.02, 1000).tolist())
    comparison = make_comparison(monkeypatch, lambda *_: (100 * next(noise), "ok", []), blocks=15)
    run(comparison, pilot=True)
    assert 10 <= comparison.blocks <= 30
    assert query("SELECT count(*) FROM trial WHERE purpose = 'pilot'") == [(10,)]
    found = read_measured(comparison, Purpose.MEASURE)
    assert len(found.of(Key("throughput", "", "drain_rate"))) <= comparison.blocks


def test_a_pilot_finds_the_warm_up_of_the_slowest_arm(
    make_comparison: Callable[..., Comparison], monkeypatch: pytest.MonkeyPatch, database: Path
) -> None:
    """Arm 2 completes half as much in its first 6 bins of 12: 1.5 times that long, for all."""
    comparison = make_comparison(monkeypatch, lambda *_: (100.0, "ok", []))
    least, width = 0.4, 0.1

    def warmup(trial_id: str, slow_bins: int) -> list[tuple[Any, ...]]:
        times = [
            round((b + (i + 0.5) / n) * width * 1e9)
            for b in range(25) for n in [10 if b < slow_bins else 20] for i in range(n)
        ]  # fmt: skip
        return [
            (trial_id, "warmup", i, 1, "noop", t, 0, t, t, t + 1000, 1, "ok")
            for i, t in enumerate(times)
        ]

    with guarded(database), TrialProgress(Console(quiet=True), []) as progress:
        for arm in (0, 1):
            one_load(comparison, ("throughput", ""), 1, [arm], Purpose.PILOT, progress)
    with open_database(database) as connection:
        for number, (trial_id,) in enumerate(
            connection.execute("SELECT trial_id FROM trial ORDER BY arm_number").fetchall()
        ):
            rows = warmup(trial_id, (0, 6)[number])
            connection.executemany(
                f"INSERT INTO warmup_record VALUES ({', '.join('?' * 12)})", rows
            )
    assert longest_warm_up(comparison, least) == pytest.approx(1.5 * 6 * width)


def test_a_killed_comparison_goes_on_where_it_was(
    make_comparison: Callable[..., Comparison], monkeypatch: pytest.MonkeyPatch, query: Query
) -> None:
    def killed(arm: int, block: int) -> tuple[float, str, list[str]]:
        if (arm, block) == (2, 4):
            raise KeyboardInterrupt
        return 100.0 + block, "ok", []

    comparison = make_comparison(monkeypatch, killed, blocks=8)
    with pytest.raises(KeyboardInterrupt):
        run(comparison)
    again = make_comparison(monkeypatch, lambda _, block: (100.0 + block, "ok", []), blocks=8)
    ground = comparison.experiment["harness_commit"]
    again.experiment["harness_commit"] = "another"
    with pytest.raises(UsageError, match=f"harness_commit: {re.escape(ground)} then, another now"):
        take_over(again, comparison.id)
    again.experiment["harness_commit"] = ground
    done = take_over(again, comparison.id)
    assert set(done) <= {1, 2, 3}
    run(again, done)
    assert query("SELECT count(*), count(DISTINCT block) FROM trial WHERE purpose = 'measure'") == [
        (16, 8)
    ]
    with pytest.raises(UsageError, match="all 8 blocks are there"):
        take_over(again, comparison.id)


# ── The whole way ────────────────────────────────────────────────────────────────────────────


@pytest.mark.integration
@pytest.mark.parametrize("slow_us", [200, 1000])
def test_end_to_end_on_the_stub(
    make_arm: Callable[..., Arm], make_setup: Callable[[Arm, str], Setup], database: Path,
    slow_us: int, tmp_path: Path, query: Query,
) -> None:  # fmt: skip
    """Equal arms are not apart by the margin; five times the service time is found."""
    first = make_setup(make_arm(service_us=200, processes=1), "throughput")
    second = make_setup(make_arm(service_us=slow_us, processes=1), "throughput")
    second.experiment = first.experiment
    second.number = 2
    comparison = Comparison(
        [first, second], ["A", "B"], [Pair(1, 2)], {"throughput": load_scenario("throughput")},
        replace(TINY, tasks=300, warmup_s=0.1), 9, None, first.experiment, database,
    )  # fmt: skip
    with guarded(database):
        run(comparison)
    conclude(comparison, tmp_path / "out", FailOn.REGRESSION)
    kinds: dict[str, str] = dict(query("SELECT metric, kind FROM verdict"))
    if slow_us == 1000:
        assert kinds["drain_rate"] == "slower"
    else:
        assert kinds["drain_rate"] not in {"faster", "slower"}  # by at least the margin
    assert query("SELECT count(*) FROM trial WHERE status = 'failed'") == [(0,)]
    assert query("SELECT count(DISTINCT (block, seed)) FROM trial") == [(9,)]
